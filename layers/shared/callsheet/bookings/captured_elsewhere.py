"""Somebody captured past us, and no provider has accepted: everything goes back, and the ledger shows both."""

from datetime import datetime

from callsheet.bookings.calling_off import cancel
from callsheet.bookings.cancellation import refund_everything
from callsheet.bookings.capturing import captured
from callsheet.bookings.case import Case
from callsheet.bookings.rules import CancelReason
from callsheet.bookings.watching import watch
from callsheet.gateways.payments import Intent
from callsheet.kernel.ids import new_id
from callsheet.payments.rules import refund_asked
from callsheet.platform.transaction import Transaction


def captured_elsewhere(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    """The booking is over, where it was not; the refund is in flight."""
    split = refund_everything(case.booking.price)
    refund = refund_asked(case.payment, new_id("rfd"), split, now)
    ended = case.booking.cancellation
    if ended is None:
        cancel(case, CancelReason.PAYMENT_FAILED, txn, now, refund=split)
    else:
        refunding = ended.model_copy(update={"refund": split})
        case.save_booking(txn, case.booking.model_copy(update={"cancellation": refunding}))
    captured(case, intent, txn, now, in_flight=refund)
    watch(txn, case.booking.id, now)
