"""Saved searches in DynamoDB: what somebody keeps, which of these alert, and of what was told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zlib import crc32

from pydantic import BaseModel

from callsheet.kernel.access import AccessPath
from callsheet.kernel.models import FROZEN
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction
from callsheet.search.matching import ALERT_SHARDS
from callsheet.search.saved import SavedSearch, SavedSearches

_SAVED = "SAVED"
_MATCH = "MATCH#"
# After so long a profile is news again.
_TOLD_KEPT = timedelta(days=365)


class SavedItem(Table):
    logical_name = "search"
    document = Document(SavedSearches)


class Alert(BaseModel):
    """A saved search whose owner wants to hear of profiles that answer it."""

    model_config = FROZEN

    id: str
    user_id: str
    query: str


class AlertItem(Table):
    """There as long as the search alerts, in one of the shards that are gone through."""

    logical_name = "search"
    document = Document(Alert)


class MatchItem(Table):
    """That a profile was announced to whoever saved a search."""

    logical_name = "search"


def saved_key(user_id: str) -> Key:
    return (SavedItem, user_id, _SAVED)


def saved_from(item: Table | None, user_id: str) -> SavedItem:
    """A new one where nothing was saved yet."""
    return item if isinstance(item, SavedItem) else SavedItem(user_id, _SAVED, document=SavedSearches())


def stored_saved(user_id: str) -> SavedItem:
    """One strongly consistent read."""
    (item,) = get_together([saved_key(user_id)])
    return saved_from(item, user_id)


def put_saved(txn: Transaction, item: SavedItem, searches: SavedSearches, *, is_new: bool) -> None:
    """Raises Stale where somebody has saved, changed or removed one meanwhile."""
    item.document = searches
    if is_new:
        txn.create(item, Stale())
    else:
        txn.replace(item, Stale())


def alert_key(saved_search_id: str) -> Key:
    return (AlertItem, f"ALERTS#{crc32(saved_search_id.encode()) % ALERT_SHARDS}", saved_search_id)


def put_alert(txn: Transaction, search: SavedSearch, user_id: str) -> None:
    """There is one where the search alerts, and none where it does not."""
    _, pk, sk = alert_key(search.id)
    if search.is_alerting:
        txn.put(AlertItem(pk, sk, document=Alert(id=search.id, user_id=user_id, query=search.query)))
    else:
        txn.delete(alert_key(search.id))


def alerts_in(shard: int, after: str | None, limit: int) -> Sequence[Alert]:
    """The next alerts of a shard behind one of them, in their order; one query."""
    position = None if after is None else AlertItem.sk > after
    found = AlertItem.query(f"ALERTS#{shard}", position, consistent_read=True, limit=limit, page_size=limit)
    return [item.document for item in found]


def match_key(saved_search_id: str, profile_id: str) -> Key:
    return (MatchItem, saved_search_id, f"{_MATCH}{profile_id}")


def match_item(saved_search_id: str, profile_id: str, now: datetime) -> MatchItem:
    _, pk, sk = match_key(saved_search_id, profile_id)
    return MatchItem(pk, sk, expires_at=int((now + _TOLD_KEPT).timestamp()))


ACCESS_PATHS = (
    AccessPath(
        name="the searches that somebody keeps",
        table="search",
        keys="pk = <user id>, sk = SAVED",
        use_cases=(
            *("search.save_search", "search.list_saved_searches"),
            *("search.update_saved_search", "search.delete_saved_search"),
        ),
    ),
    AccessPath(
        name="saved searches that alert, shard by shard",
        table="search",
        keys="pk = ALERTS#<shard>, sk > <saved search id>",
        use_cases=("search.match_saved_searches",),
    ),
    AccessPath(
        name="of which profiles was told, and whether the search still alerts",
        table="search",
        keys="batch of pk = <saved search id>, sk = MATCH#<profile id>, with pk = ALERTS#<shard>, sk = <its id>",
        use_cases=("search.match_saved_searches",),
    ),
)
