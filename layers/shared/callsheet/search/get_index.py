"""How the index of people stands."""

from callsheet.kernel.principal import Principal
from callsheet.search.schemas import Kind
from callsheet.search.store import stored_index
from callsheet.search.views_of_index import IndexView, index_view


def get_people_index(_caller: Principal) -> IndexView:
    """One read. Raises IndexNotFound before anything was indexed."""
    return index_view(Kind.PEOPLE, stored_index(Kind.PEOPLE).document)
