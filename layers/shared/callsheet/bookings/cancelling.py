"""What was accepted is called off: in one transaction it ends, and what goes back of its money is on its way."""

from datetime import datetime, timedelta

from callsheet.bookings import postings
from callsheet.bookings.calling_off import cancel
from callsheet.bookings.cancellation import CancelledBy, refund_everything, refund_for
from callsheet.bookings.case import Case
from callsheet.bookings.earning import owe_provider
from callsheet.bookings.errors import RefundUnderWay
from callsheet.bookings.model import Booking, Cancellation
from callsheet.bookings.rules import CancelReason
from callsheet.bookings.watching import watch
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import zero
from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post
from callsheet.payments.model import Payment
from callsheet.payments.rules import refund_asked
from callsheet.payments.shares import RefundSplit
from callsheet.platform.once import claim
from callsheet.platform.transaction import Transaction

_RETRY_AFTER_SECONDS = 2


def end_accepted(
    case: Case, split: RefundSplit, ended: Cancellation, caller: Principal, now: datetime
) -> None:
    """`split` goes back, as far as it has not yet, at a bank either. RefundUnderWay while something else does."""
    booking, payment = case.booking, case.payment
    if payment.in_flight is not None or payment.set_aside is not None:
        raise RefundUnderWay(retry_after_seconds=_RETRY_AFTER_SECONDS)
    returned, left = payment.returned, _still_to_go_back(split, payment)
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=booking.id)
    cancel(case, ended.reason, txn, now, words=ended.words, refund=left, percent=ended.refund_percent)
    if kept := postings.kept_fees_entry(booking.id, booking.price, returned.plus(left) if returned else left):
        post(txn, kept, now)
    if left.is_nothing:
        owe_provider(case, txn, now)  # else once the refund has left
    else:
        refund = refund_asked(payment, new_id("rfd"), left, now)
        case.save_payment(txn, payment.model_copy(update={"in_flight": refund}))
        watch(txn, booking.id, now)
    txn.commit()


def _still_to_go_back(split: RefundSplit, payment: Payment) -> RefundSplit:
    """What of `split` the client has not had: all that banks have taken counts, whoever bears it."""
    nothing = zero(payment.amount.currency)
    before = payment.refunded or nothing
    most = min(split.total, payment.amount - before) - payment.lost
    return split.less(payment.returned, payment.amount).capped(max(most, nothing))


def refund_of(booking: Booking, reason: CancelReason, now: datetime, percent: int | None) -> RefundSplit:
    """What goes back of an accepted booking. A remote job has started once it was accepted.

    An admin who names no percentage gives everything back.
    """
    if reason is CancelReason.ADMIN and percent is None:
        return refund_everything(booking.price)
    by = CancelledBy.PROVIDER if reason is CancelReason.PROVIDER else CancelledBy.CLIENT
    before_start = booking.starts_at - now if booking.starts_at else timedelta(0)
    return refund_for(booking.price, booking.policy, by, before_start, percent)


def refund_of_amendment(amendment: Booking, booking: Booking, ended: Cancellation) -> RefundSplit:
    """The share that its booking gave back, whenever the amendment follows."""
    as_booked = amendment.model_copy(update={"starts_at": booking.starts_at, "policy": booking.policy})
    return refund_of(as_booked, ended.reason, ended.cancelled_at, ended.refund_percent)
