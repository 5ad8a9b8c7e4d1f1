"""GET /v1/admin/search/people: which collection is searched, how far a rebuild is, and what the last check found."""

from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.search.errors import IndexNotFound
from callsheet.search.get_index import get_people_index
from callsheet.search.views_of_index import IndexView


@endpoint(errors=(IndexNotFound,))
def handler(caller: Principal) -> IndexView:
    return get_people_index(caller)
