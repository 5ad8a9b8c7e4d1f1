"""Somebody's bookings, as client or as provider, page by page."""

from callsheet.bookings.deps import BookingsDeps
from callsheet.bookings.model import Booking, BookingPage, BookingQuery
from callsheet.bookings.store import page_of
from callsheet.bookings.views import view_of
from callsheet.kernel.principal import Principal
from callsheet.payments.for_booking import payment_from, payment_key
from callsheet.payments.model import Payment
from callsheet.platform.read import get_together


def list_bookings(query: BookingQuery, caller: Principal, deps: BookingsDeps) -> BookingPage:
    """One query and one batch read, however long the page; an index may be a moment behind the booking itself."""
    cursors, bound = deps.cursors(), _bound(query, caller)
    bookings, position = page_of(query, caller.user_id, cursors.read(bound, query.cursor))
    payments = _payments_of(bookings)
    items = tuple(view_of(booking, payments[booking.id], caller) for booking in bookings)
    return BookingPage(items=items, next_cursor=cursors.write(bound, position))


def _bound(query: BookingQuery, caller: Principal) -> str:
    """What a cursor belongs to: everything but where it stands and how many are wanted."""
    filters = query.model_dump_json(exclude={"cursor", "limit"})
    return f"bookings#{caller.id}#{filters}"


def _payments_of(bookings: list[Booking]) -> dict[str, Payment]:
    found = get_together([payment_key(booking.id) for booking in bookings])
    stored = [item for item in map(payment_from, found) if item is not None]
    return {item.document.subject: item.document for item in stored}
