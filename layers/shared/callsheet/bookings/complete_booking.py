"""The work is accepted, by the client or by silence: both fees are earned and the provider's money is due."""

from datetime import datetime

from callsheet.bookings import postings
from callsheet.bookings.amending import have_followed
from callsheet.bookings.amendment_events import AmendmentCompleted
from callsheet.bookings.case import Case, load_case
from callsheet.bookings.deps import BookingsDeps
from callsheet.bookings.earning import owe_provider
from callsheet.bookings.errors import SessionNotOver
from callsheet.bookings.events import BookingCompleted
from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BOOKING, BookingAction, BookingStatus
from callsheet.bookings.views import require_booking, role_of
from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post
from callsheet.platform.once import claim
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def complete_booking(booking_id: str, caller: Principal, deps: BookingsDeps) -> BookingView:
    """One batch read, one transaction. Raises SessionNotOver before the session has ended."""

    def decide() -> Case:
        now = deps.clock.now()
        case = load_case(booking_id, caller, now)
        require_booking(case.booking, caller)
        if case.is_repeat:
            return case
        BOOKING.step(case.booking.status, BookingAction.COMPLETE, role_of(case.booking, caller))
        if case.booking.ends_at is not None and now < case.booking.ends_at:
            raise SessionNotOver
        finish(case, caller, now)
        return case

    return decided_anew(decide).view(caller)


def finish(case: Case, caller: Principal, now: datetime) -> None:
    """The transaction of it: state, ledger and event. Stale where somebody else was faster."""
    booking = case.booking
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=booking.id)
    completed = {"status": BookingStatus.COMPLETED, "completed_at": now}
    case.save_booking(txn, booking.model_copy(update=completed))
    case.check_payment(txn)  # what has gone back of the fees is not earned
    if earned := postings.completion_entry(booking.id, booking.price, case.payment.returned):
        post(txn, earned, now)
    owe_provider(case, txn, now)
    have_followed(txn, booking, now)
    event = BookingCompleted if booking.amends is None else AmendmentCompleted
    case.publish(txn, event, provider_net=booking.price.provider_net)
    txn.commit()
