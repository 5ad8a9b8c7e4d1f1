"""What somebody may be about to type."""

from enum import StrEnum

from pydantic import BaseModel, Field

from callsheet.gateways.search_errors import CollectionMissing, SearchUnavailable
from callsheet.gateways.searching import Ask, By, ByText, TextField
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.search.deps import SearchDeps
from callsheet.search.schemas import Kind
from callsheet.search.wording import Findable

_COUNTED = ("tags", "city")
_TITLE = (TextField(name="title", weight=2, typos=1), TextField(name="handle", weight=1, typos=0))


class SuggestQuery(BaseModel):
    """The beginning of what is searched for; `limit` is of each kind of suggestion."""

    model_config = COMMAND

    q: Findable
    limit: int = Field(default=5, ge=1, le=10)


class SuggestionKind(StrEnum):
    """What a suggestion is: a value to filter by, or a profile to go to."""

    TAG = "tag"
    CITY = "city"
    PROFILE = "profile"


class Suggestion(BaseModel):
    """`id` is a profile's."""

    model_config = FROZEN

    kind: SuggestionKind
    text: str
    id: str | None = None
    count: int | None = Field(default=None, description="How many have the tag, or are in the city")


class SuggestionList(BaseModel):
    """Tags, then cities, then profiles: never more than fit into one answer."""

    model_config = FROZEN

    items: tuple[Suggestion, ...]
    next_cursor: str | None = None
    degraded: bool = Field(default=False, description="No search engine answers: nothing is suggested")


def suggest(query: SuggestQuery, deps: SearchDeps) -> SuggestionList:
    """One call to the engine, and none to DynamoDB; nothing where no engine answers."""
    asks = (*(_counting(field, query) for field in _COUNTED), _titled(query))
    try:
        tags, cities, profiles = deps.engine.search(asks)
    except (SearchUnavailable, CollectionMissing):
        return SuggestionList(items=(), degraded=True)
    return SuggestionList(
        items=(
            *(Suggestion(kind=SuggestionKind.TAG, text=one.value, count=one.count) for one in tags.counts),
            *(Suggestion(kind=SuggestionKind.CITY, text=one.value, count=one.count) for one in cities.counts),
            *(
                Suggestion(
                    kind=SuggestionKind.PROFILE,
                    text=str(hit.document["title"]),
                    id=str(hit.document["id"]),
                )
                for hit in profiles.hits
            ),
        )
    )


def _counting(field: str, query: SuggestQuery) -> Ask:
    return Ask(
        collection=Kind.PEOPLE,
        text_fields=_TITLE,
        per_page=0,
        facet=field,
        facet_prefix=query.q,
        facet_values=query.limit,
    )


def _titled(query: SuggestQuery) -> Ask:
    return Ask(
        collection=Kind.PEOPLE,
        text=query.q,
        text_fields=_TITLE,
        sorts=(ByText(), By("rating", is_descending=True), By("tie_break")),
        per_page=query.limit,
        shown=("id", "title"),
    )
