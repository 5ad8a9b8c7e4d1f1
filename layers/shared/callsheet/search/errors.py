"""What the search refuses."""

from typing import Self

from callsheet.kernel.errors import Conflict, InvalidRequest, NotFound


class InvalidFilter(InvalidRequest):
    """`field` names the parameter that is to be mended."""

    code, title = "invalid_filter", "These filters cannot be searched with"

    @classmethod
    def of(cls, field: str, words: str) -> Self:
        return cls(f"{field}: {words}", extra={"field": field})


class ListChanged(Conflict):
    """No engine answers, and the cursor is of a list that one has begun."""

    code, title = "list_changed", "The search cannot go on with this list for now; begin it anew"


class IndexNotFound(NotFound):
    code, title = "index_not_found", "Nothing has been indexed yet"


class RebuildUnderWay(Conflict):
    code, title = "rebuild_under_way", "This index is being rebuilt already"


class IndexUnverified(Conflict):
    """Looked at again and again, the new collection does not hold what the tables do."""

    code, title = "index_unverified", "The new index differs from the tables; the old one stays"
