"""Notifications, one item each below whom they are for, named and sorted by the event they tell of.

Attributes of their own rather than one document: that it was read is one update, which needs no look at the rest.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from callsheet.kernel.access import AccessPath
from callsheet.kernel.errors import NotFound
from callsheet.kernel.page import Position
from callsheet.notifications.model import Heard, Matched, Told
from callsheet.platform.table import Table, utc_key
from callsheet.platform.transaction import AlreadyConsumed, Transaction

KEPT = timedelta(days=90)
_NOTE = "NOTE#"


class NotificationItem(Table):
    logical_name = "notifications"
    kind = UnicodeAttribute()
    booking_id = UnicodeAttribute(null=True)  # None where it is about no booking
    occurred_at = UnicodeAttribute()
    is_read = BooleanAttribute()
    saved_search_id = UnicodeAttribute(null=True)
    profile_id = UnicodeAttribute(null=True)

    @property
    def notification_id(self) -> str:
        """The event's id under another prefix, so that whoever knows one knows the other."""
        return f"ntf_{self.sk.removeprefix(_NOTE)[4:]}"


def add_notification(txn: Transaction, user_id: str, heard: Heard, told: Told, now: datetime) -> None:
    """AlreadyConsumed where the user was told before, even by a replay that the inbox has forgotten."""
    matched = heard.payload if isinstance(heard.payload, Matched) else None
    item = NotificationItem(
        user_id,
        _NOTE + heard.event_id,
        kind=told.kind.value,
        booking_id=told.booking_id,
        occurred_at=utc_key(heard.occurred_at),
        is_read=False,
        saved_search_id=matched and matched.saved_search_id,
        profile_id=matched and matched.profile_id,
        expires_at=int((now + KEPT).timestamp()),
    )
    txn.create(item, AlreadyConsumed())


def set_read(txn: Transaction, user_id: str, notification_id: str) -> None:
    """NotFound where the user was never told of such a thing."""
    target = (NotificationItem, user_id, f"{_NOTE}evt_{notification_id[4:]}")
    actions = [NotificationItem.is_read.set(True)]
    txn.update(target, actions, NotificationItem.pk.exists(), NotFound())


def notifications_of(
    user_id: str, after: Position | None, limit: int
) -> tuple[Sequence[NotificationItem], Position | None]:
    """What a user was told, the newest first, and where it ended; one query."""
    found = NotificationItem.query(
        user_id,
        NotificationItem.sk.startswith(_NOTE),
        scan_index_forward=False,
        consistent_read=True,
        limit=limit,
        page_size=limit,
        last_evaluated_key=None if after is None else {"pk": {"S": user_id}, "sk": {"S": after["sk"]}},
    )
    items = list(found)
    last = found.last_evaluated_key
    return items, None if last is None else {"sk": last["sk"]["S"]}


ACCESS_PATHS = (
    AccessPath(
        name="what somebody was told, the newest first",
        table="notifications",
        keys="pk = <user id>, sk begins with NOTE#, in reverse order",
        use_cases=("notifications.list_notifications",),
    ),
    AccessPath(
        name="whether somebody was told of an event",
        table="notifications",
        keys="pk = <user id>, sk = NOTE#<event id> (a condition, never read)",
        use_cases=("notifications.read_notification", "notifications.notify_parties"),
    ),
)
