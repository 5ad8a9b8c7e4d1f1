"""What cardholders' banks take and decide at the Stripe simulator, and what becomes of a client's money."""

from collections.abc import Mapping
from contextlib import suppress

from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.goodwill import BorneBy
from callsheet.bookings.model import BookingView
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import RefundBooking
from callsheet.kernel.money import Money
from callsheet.platform.records import EventItem
from tests.support.at_stripe import StripeStage, at_stripe
from tests.support.closes import close_every_day
from tests.support.crashes import Died
from tests.support.money_truths import check_money_at_rest
from tests.support.wallets import balance_minor

USD = "USD"


def carlas(stage: StripeStage) -> int:
    return balance_minor(stage.carla.user_id)


def dispute(stage: StripeStage, booking: BookingView, minor: int | None = None) -> str:
    """The cardholder's bank takes so much of the charge, or all; nobody has told us yet."""
    part = {} if minor is None else {"amount": minor}
    opened = stage.act("/_sim/disputes", charge=stage.case(booking).payment.charge_id, **part)
    assert opened is not None
    return str(opened["id"])


def verdict(stage: StripeStage, dispute_id: str, outcome: str = "lost") -> None:
    assert stage.act(f"/_sim/disputes/{dispute_id}", outcome=outcome) is not None


def give(
    stage: StripeStage, booking: BookingView, minor: int = 40_00, borne_by: BorneBy = BorneBy.ALL
) -> None:
    command = RefundBooking(
        booking_id=booking.id, amount=Money.of(minor, USD), borne_by=borne_by, reason="The light failed"
    )
    refund_booking(command, stage.sue, stage.deps)


def told(booking: BookingView, name: str) -> list[Mapping[str, object]]:
    events = [item.document for item in EventItem.query(booking.id)]
    return [event.payload for event in events if event.name == name]


def refunded_at_stripe(stage: StripeStage) -> int:
    return sum(int(str(one["amount"])) for one in stage.world.kept("refund").values())


def check_end(stage: StripeStage) -> None:
    """Weeks later nothing else has come of it, and every day agrees with Stripe's."""
    for _ in range(3):
        stage.advance(hours=24 * 40)
        stage.hear()
    check_money_at_rest(stage)
    close_every_day(stage)


def dies(stage: StripeStage, booking: BookingView, death: tuple[int, bool]) -> None:
    """Whoever looks at the payment, at this step; no message comes again."""
    with stage.dying(death), suppress(Died):
        converge_payment(booking.id, at_stripe(), stage.deps)
