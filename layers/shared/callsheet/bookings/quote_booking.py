"""What a booking would cost, before anybody asks for it."""

from callsheet.bookings.model import QuoteBooking, QuoteLine, QuoteView
from callsheet.bookings.offers import Offer, keys_of, offer_for, offered
from callsheet.bookings.quoting_deps import QuotingDeps
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together


def quote_booking(command: QuoteBooking, _caller: Principal, deps: QuotingDeps) -> QuoteView:
    """One batch read, nothing held. Raises what creating the booking would, but for slots that are taken.

    PaymentsUnavailable where Stripe Tax is to say what the taxes are, and does not answer.
    """
    found = offered(command, get_together(keys_of(command)))
    return _view(offer_for(command, found, deps.tax, deps.clock.now()))


def _view(offer: Offer) -> QuoteView:
    price = offer.price
    lines = [QuoteLine(kind=line.key, title=line.title, amount=line.amount) for line in price.lines]
    extra = (
        ("service_tax", "Tax on the service", price.service_tax),
        ("client_fee", "Booking fee", price.client_fee),
        ("fee_tax", "Tax on the fee", price.fee_tax),
    )
    lines += [
        QuoteLine(kind=kind, title=title, amount=amount)
        for kind, title, amount in extra
        if not amount.is_zero
    ]
    return QuoteView(
        total=price.total,
        lines=tuple(lines),
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        policy=offer.policy,
    )
