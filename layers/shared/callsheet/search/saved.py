"""Searches that somebody keeps: what they send, what is stored, what they see."""

from typing import Annotated, Self
from urllib.parse import parse_qsl, urlencode

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, WithJsonSchema

from callsheet.kernel.errors import Conflict, NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.text import Line
from callsheet.search.errors import InvalidFilter
from callsheet.search.filters import filters_of
from callsheet.search.queries import PeopleQuery

MOST_SAVED = 20
# What says how results are looked at, and not which they are.
_OF_A_PAGE = ("cursor", "facets", "explain")
_LONGEST, _MOST_PARAMETERS = 2_000, 40


class SavedSearchNotFound(NotFound):
    code, title = "saved_search_not_found", "There is no such saved search, or it is not yours"


class TooManySavedSearches(Conflict):
    code, title = "too_many_saved_searches", "Nobody keeps more searches than this"


class SavedSearchNameTaken(Conflict):
    code, title = "saved_search_name_taken", "Another of your saved searches has this name"


def _parameters(given: object) -> dict[str, str]:
    if not isinstance(given, str) or len(given) > _LONGEST:
        raise ValueError(f"must be a query string of at most {_LONGEST} characters")
    pairs = parse_qsl(given, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_PARAMETERS)
    if len(dict(pairs)) < len(pairs):
        raise ValueError("must have each parameter once")
    return dict(pairs)


type QueryString = Annotated[
    PeopleQuery,
    BeforeValidator(_parameters),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": _LONGEST}),
]


class SaveSearch(BaseModel):
    """`query` is what stands behind the `?` of `GET /v1/search/people`, but for what is about one page."""

    model_config = COMMAND

    name: Line
    query: QueryString
    is_alerting: bool = Field(default=True, description="Whether you are told of profiles that answer it")


class UpdateSavedSearch(BaseModel):
    """What is left out stays; another query is another search."""

    model_config = COMMAND

    name: Line | None = None
    is_alerting: bool | None = None


class SavedSearch(BaseModel):
    """`query` is a query string again: what it leaves out nobody has said."""

    model_config = FROZEN

    id: str
    name: str
    query: str
    is_alerting: bool
    created_at: AwareDatetime


class SavedSearches(BaseModel):
    """All that one person keeps, oldest first: one item, so that neither a name nor a place is given twice."""

    model_config = FROZEN

    searches: tuple[SavedSearch, ...] = ()

    def of(self, saved_search_id: str) -> SavedSearch:
        """Raises SavedSearchNotFound."""
        for search in self.searches:
            if search.id == saved_search_id and has_prefix(saved_search_id, "svs"):
                return search
        raise SavedSearchNotFound

    def with_another(self, search: SavedSearch) -> Self:
        """Raises TooManySavedSearches, SavedSearchNameTaken."""
        if len(self.searches) >= MOST_SAVED:
            raise TooManySavedSearches(extra={"maximum": MOST_SAVED})
        return self._with((*self.searches, search))

    def with_changed(self, changed: SavedSearch) -> Self:
        """Raises SavedSearchNameTaken."""
        return self._with(tuple(changed if one.id == changed.id else one for one in self.searches))

    def without(self, saved_search_id: str) -> Self:
        return self._with(tuple(one for one in self.searches if one.id != saved_search_id))

    def _with(self, searches: tuple[SavedSearch, ...]) -> Self:
        if len({one.name.casefold() for one in searches}) < len(searches):
            raise SavedSearchNameTaken
        return self.model_copy(update={"searches": searches})


class SavedSearchView(BaseModel):
    model_config = FROZEN

    id: str
    name: str
    query: str = Field(description="To be searched with: what stands behind the `?`")
    is_alerting: bool
    created_at: AwareDatetime


class SavedSearchList(BaseModel):
    """The caller's, oldest first: never more than fit into one answer."""

    model_config = FROZEN

    items: tuple[SavedSearchView, ...]
    next_cursor: str | None = None


def kept_of(query: PeopleQuery) -> str:
    """A query as it is kept. Raises InvalidFilter as a search would, and where it names nothing to look for."""
    for name in _OF_A_PAGE:
        if name in query.model_fields_set:
            raise InvalidFilter.of(f"query.{name}", "is about a page, and not part of what is saved")
    if not filters_of(query) and query.q is None:
        raise InvalidFilter.of("query", "looks for everybody")
    said = query.model_dump(mode="json", exclude_defaults=True, exclude={"limit"})
    return urlencode({name: _written(value) for name, value in said.items()}, safe=",")


def _written(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def asked_by(kept: str) -> PeopleQuery:
    """What a kept query looks for. Raises ValidationError where searches have changed since."""
    return PeopleQuery.model_validate(_parameters(kept))


def saved_view(search: SavedSearch) -> SavedSearchView:
    return SavedSearchView(
        id=search.id,
        name=search.name,
        query=search.query,
        is_alerting=search.is_alerting,
        created_at=search.created_at,
    )
