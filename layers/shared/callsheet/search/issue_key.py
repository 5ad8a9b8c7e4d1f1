"""A browser is given a key of its own to the search engine, for as long as somebody looks at a page."""

from datetime import timedelta

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.gateways.search_keys import Scope
from callsheet.gateways.searching import AnyOf
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.search.asking import MAX_RESULTS, TEXT_FIELDS
from callsheet.search.deps import KeyDeps
from callsheet.search.schemas import PUBLIC, Kind
from callsheet.search.views import PEOPLE_SHOWN, STUDIOS_SHOWN

KEY_LIVES = timedelta(minutes=10)
# Neither what a page shows whole and a list does not, nor what is ours to keep the index by.
HIDDEN = ("about", "checksum", "version", "tie_break", "visibility")
_SHOWN = {Kind.PEOPLE: PEOPLE_SHOWN, Kind.STUDIOS: STUDIOS_SHOWN}


class IssueKey(BaseModel):
    """What the key is to search in."""

    model_config = COMMAND

    collection: Kind = Kind.PEOPLE


class SearchKeyView(BaseModel):
    """A key of the search engine's that may do nothing but search `collection`, at `url`."""

    model_config = FROZEN

    key: str
    url: str
    collection: Kind
    expires_at: AwareDatetime = Field(
        description="Refused by the engine from then on; ask for another before"
    )


def issue_key(command: IssueKey, deps: KeyDeps) -> SearchKeyView:
    """Nothing is asked and nothing written. Raises SearchUnavailable where the stage has no engine."""
    expires_at = (deps.clock.now() + KEY_LIVES).replace(microsecond=0)
    scope = Scope(
        collection=command.collection,
        filters=(AnyOf("visibility", (PUBLIC,)),),
        text_fields=TEXT_FIELDS[command.collection],
        shown=_SHOWN[command.collection],
        hidden=HIDDEN,
        most_hits=MAX_RESULTS,
        expires_at=expires_at,
    )
    issued = deps.keys.issue(scope)
    return SearchKeyView(key=issued.key, url=issued.url, collection=command.collection, expires_at=expires_at)
