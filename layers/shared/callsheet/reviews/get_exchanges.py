"""The reviews of several bookings, as far as the caller is a party to them."""

from collections.abc import Mapping, Sequence
from itertools import batched

from callsheet.bookings.for_reviews import booking_from, reviewed_key
from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.platform.read import MAX_KEYS, get_together
from callsheet.platform.table import Table
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.model import ExchangeView
from callsheet.reviews.rules import party_of
from callsheet.reviews.store import exchange_from, exchange_key
from callsheet.reviews.views import exchange_view


def get_exchanges(
    booking_ids: Sequence[str], caller: Principal, deps: ReviewsDeps
) -> Mapping[str, ExchangeView]:
    """By booking; one batch read for each fifty of them."""
    found: dict[str, ExchangeView] = {}
    wanted = [one for one in dict.fromkeys(booking_ids) if has_prefix(one, "bkg")]
    for some in batched(wanted, MAX_KEYS // 2, strict=False):
        items = get_together([key for one in some for key in (reviewed_key(one), exchange_key(one))])
        for booking_id, booking, exchange in zip(some, items[::2], items[1::2], strict=True):
            view = _seen(booking, exchange, caller, deps)
            if view is not None:
                found[booking_id] = view
    return found


def _seen(
    found: Table | None, item: Table | None, caller: Principal, deps: ReviewsDeps
) -> ExchangeView | None:
    try:
        booking = booking_from(found)
        by = party_of(booking, caller.user_id)
    except NotFound:
        return None
    stored = exchange_from(item)
    return exchange_view(booking, stored.document if stored else None, by, deps.clock.now())
