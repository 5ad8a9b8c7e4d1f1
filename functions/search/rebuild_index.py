"""POST /v1/admin/search/people/rebuild: a new index is built beside the one that is searched, and takes its place.

It takes minutes, and searches notice nothing of it. Before it changes over, every count and checksum is held against
the tables; one that still differs never does.
"""

from callsheet import wiring
from callsheet.gateways.search_errors import SearchUnavailable
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.search.errors import IndexNotFound, RebuildUnderWay
from callsheet.search.rebuild_index import rebuild_people
from callsheet.search.views_of_index import IndexView

_DEPS = wiring.indexing()  # Typesense's SDK loads while the function starts


@endpoint(status=202, errors=(IndexNotFound, RebuildUnderWay, Stale, SearchUnavailable))
def handler(caller: Principal) -> IndexView:
    return rebuild_people(caller, _DEPS)
