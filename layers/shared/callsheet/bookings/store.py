"""Bookings, one item each, and the four indexes that list them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.bookings.model import Booking, BookingQuery
from callsheet.bookings.rules import Party
from callsheet.kernel.access import AccessPath
from callsheet.kernel.page import Position
from callsheet.platform.pages import newest_first, position_of, start_key
from callsheet.platform.read import Key
from callsheet.platform.records import EventItem
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table, utc_key
from callsheet.platform.transaction import Transaction

_SORT = "BOOKING"


class ByClient(GlobalSecondaryIndex["BookingItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_client"
        projection = AllProjection()

    client_key = UnicodeAttribute(hash_key=True)
    starts_key = UnicodeAttribute(range_key=True)


class ByProvider(GlobalSecondaryIndex["BookingItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_provider"
        projection = AllProjection()

    provider_key = UnicodeAttribute(hash_key=True)
    starts_key = UnicodeAttribute(range_key=True)


class ByClientAndStatus(GlobalSecondaryIndex["BookingItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_client_status"
        projection = AllProjection()

    client_status_key = UnicodeAttribute(hash_key=True)
    starts_key = UnicodeAttribute(range_key=True)


class ByProviderAndStatus(GlobalSecondaryIndex["BookingItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_provider_status"
        projection = AllProjection()

    provider_status_key = UnicodeAttribute(hash_key=True)
    starts_key = UnicodeAttribute(range_key=True)


class BookingItem(Table):
    """`starts_key` is the start, or the birth of a remote job, followed by the id, so that an order is total.

    An amendment has none of these keys: it stands in nobody's list, but in the booking it amends.
    """

    logical_name = "bookings"
    document = Document(Booking)
    client_key = UnicodeAttribute(null=True)
    provider_key = UnicodeAttribute(null=True)
    client_status_key = UnicodeAttribute(null=True)
    provider_status_key = UnicodeAttribute(null=True)
    starts_key = UnicodeAttribute(null=True)
    by_client = ByClient()
    by_provider = ByProvider()
    by_client_status = ByClientAndStatus()
    by_provider_status = ByProviderAndStatus()


@dataclass(frozen=True, slots=True)
class _List:
    """One index, and the partition to read in it."""

    index: ByClient | ByProvider | ByClientAndStatus | ByProviderAndStatus
    partition: str


def booking_key(booking_id: str) -> Key:
    return (BookingItem, booking_id, _SORT)


def add_booking(txn: Transaction, booking: Booking) -> BookingItem:
    item = BookingItem(booking.id, _SORT)
    _fill(item, booking)
    txn.create(item, Stale())
    return item


def save_booking(txn: Transaction, stored: BookingItem, booking: Booking) -> None:
    """Write what became of a booking; Stale where somebody has changed it since it was read."""
    _fill(stored, booking)
    txn.replace(stored, Stale())


def check_booking(txn: Transaction, stored: BookingItem) -> None:
    """Stale where somebody has changed the booking since it was read."""
    txn.check(booking_key(stored.pk), BookingItem.version == stored.version, Stale())


def page_of(
    query: BookingQuery, user_id: str, after: Position | None
) -> tuple[list[Booking], Position | None]:
    """One page of somebody's bookings, newest start first, and where it ended; one query."""
    chosen = _list_for(query, user_id)
    bounds = _bounds(query)
    condition = BookingItem.starts_key.between(*bounds) if bounds else None
    items, position = newest_first(chosen.index, chosen.partition, query.limit, after, condition)
    return [item.document for item in items], position


def events_of(
    booking_id: str, after: Position | None, limit: int
) -> tuple[Sequence[EventItem], Position | None]:
    """The events of a booking, oldest first; one query."""
    found = EventItem.query(
        booking_id,
        consistent_read=True,
        limit=limit,
        page_size=limit,
        last_evaluated_key=start_key(after),
    )
    items = list(found)
    return items, position_of(found.last_evaluated_key)


def _fill(item: BookingItem, booking: Booking) -> None:
    item.document = booking
    if booking.amends is not None:
        return
    item.client_key, item.provider_key = booking.client_id, booking.provider_id
    item.client_status_key = f"{booking.client_id}#{booking.status}"
    item.provider_status_key = f"{booking.provider_id}#{booking.status}"
    item.starts_key = f"{utc_key(booking.starts_at or booking.created_at)}#{booking.id}"


def _list_for(query: BookingQuery, user_id: str) -> _List:
    match query.party, query.status:
        case Party.CLIENT, None:
            return _List(BookingItem.by_client, user_id)
        case Party.PROVIDER, None:
            return _List(BookingItem.by_provider, user_id)
        case Party.CLIENT, status:
            return _List(BookingItem.by_client_status, f"{user_id}#{status}")
        case Party.PROVIDER, status:
            return _List(BookingItem.by_provider_status, f"{user_id}#{status}")


def _bounds(query: BookingQuery) -> tuple[str, str] | None:
    if query.starts_from is None and query.starts_before is None:
        return None
    # "~" sorts behind every moment. A moment's own key ends in "#bkg_…", so the bare moment stands before it.
    first = utc_key(query.starts_from) if query.starts_from else "0"
    last = utc_key(query.starts_before) if query.starts_before else "~"
    return first, last


ACCESS_PATHS = (
    AccessPath(
        name="one booking",
        table="bookings",
        keys="pk = <booking id>, sk = BOOKING",
        use_cases=("bookings.get_booking", "bookings.accept_booking", "bookings.converge_payment"),
    ),
    AccessPath(
        name="an amendment, and the booking it amends",
        table="bookings",
        keys="pk = <amendment's booking id>, sk = BOOKING; then the same of the booking",
        use_cases=("amendments.list_amendments", "amendments.accept_amendment", "amendments.follow_booking"),
    ),
    AccessPath(
        name="a client's bookings, newest start first, starting within a span of time",
        table="bookings",
        index="by_client",
        keys="client_key = <user id>, starts_key between <moment> and <moment>",
        use_cases=("bookings.list_bookings",),
    ),
    AccessPath(
        name="a provider's bookings, newest start first, starting within a span of time",
        table="bookings",
        index="by_provider",
        keys="provider_key = <user id>, starts_key between <moment> and <moment>",
        use_cases=("bookings.list_bookings",),
    ),
    AccessPath(
        name="a client's bookings in one status",
        table="bookings",
        index="by_client_status",
        keys="client_status_key = <user id>#<status>, starts_key between <moment> and <moment>",
        use_cases=("bookings.list_bookings",),
    ),
    AccessPath(
        name="a provider's bookings in one status",
        table="bookings",
        index="by_provider_status",
        keys="provider_status_key = <user id>#<status>, starts_key between <moment> and <moment>",
        use_cases=("bookings.list_bookings",),
    ),
    AccessPath(
        name="what happened to a booking, oldest first",
        table="events",
        keys="pk = <booking id>, sk in order",
        use_cases=("bookings.get_timeline",),
    ),
)
