"""What the product itself books, held against what Stripe has booked for it: a day of bookings is clean."""

from datetime import timedelta

from callsheet.closing.deps import BalancingDeps
from callsheet.closing.model import CloseStatus
from callsheet.gateways.stripe_balance import StripeBalance
from callsheet.platform.clock import clock
from tests.functional.closing.office import MovedClock, Office
from tests.support.market import Market


def in_days(days: int) -> dict[str, str]:
    starts_at = clock().now() + timedelta(days=days)
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}


def test_a_day_of_bookings_and_a_refund_agrees_with_what_stripe_has_booked(
    office: Office, market: Market
) -> None:
    first = clock().now().date()
    bookings = [market.book(**in_days(days)) for days in (10, 11, 12)]
    for booking in bookings:
        assert market.as_pavel(booking, "accept").status == 200
    assert market.post(f"/v1/bookings/{bookings[0]['id']}/cancel").status == 200
    office.clock = MovedClock(clock().now() + timedelta(days=2))
    balance = StripeBalance(market.stripe)
    deps = BalancingDeps(clock=office.clock, cursors=office.deps.cursors, balance=balance)
    closes = [office.closed_with(deps, first + timedelta(days=later)) for later in (0, 1)]
    assert [(close.status, close.open) for close in closes] == [(CloseStatus.CLEAN, 0)] * 2
    assert sum(close.tally.transactions for close in closes) == 4
    assert sum(close.tally.entries for close in closes) == 7  # three captures with their fees, and a refund
    (line,) = closes[-1].balances
    assert line.stripe_minor == line.ledger_minor > 0
