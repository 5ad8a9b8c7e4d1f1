"""What happened to a booking, oldest first: its events, which are kept for good."""

from callsheet.bookings.deps import BookingsDeps
from callsheet.bookings.model import Timeline
from callsheet.bookings.reading import read_booking
from callsheet.bookings.store import events_of
from callsheet.bookings.views import entry_of, require_access
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal


def get_timeline(booking_id: str, query: PageQuery, caller: Principal, deps: BookingsDeps) -> Timeline:
    """One batch read and one query."""
    booking = read_booking(booking_id).booking
    require_access(booking, caller)
    cursors, bound = deps.cursors(), f"timeline#{caller.id}#{booking_id}"
    events, position = events_of(booking_id, cursors.read(bound, query.cursor), query.limit)
    items = tuple(entry_of(item.document, booking, caller) for item in events)
    return Timeline(items=items, next_cursor=cursors.write(bound, position))
