"""What happened to a booking, oldest first: its events, which are kept for good."""

from callsheet.bookings.case import load_case
from callsheet.bookings.deps import BookingsDeps
from callsheet.bookings.model import Timeline, TimelineEntry
from callsheet.bookings.store import events_of
from callsheet.bookings.views import require_access
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal
from callsheet.platform.records import EventItem


def get_timeline(booking_id: str, query: PageQuery, caller: Principal, deps: BookingsDeps) -> Timeline:
    """One batch read and one query."""
    require_access(load_case(booking_id).booking, caller)
    cursors, bound = deps.cursors(), f"timeline#{caller.id}#{booking_id}"
    events, position = events_of(booking_id, cursors.read(bound, query.cursor), query.limit)
    return Timeline(items=tuple(map(_entry, events)), next_cursor=cursors.write(bound, position))


def _entry(item: EventItem) -> TimelineEntry:
    event = item.document
    return TimelineEntry(
        event_id=event.event_id,
        name=event.name,
        version=event.version,
        occurred_at=event.occurred_at,
        actor_type=event.actor.type,
        actor_id=event.actor.id,
        payload=event.payload,
    )
