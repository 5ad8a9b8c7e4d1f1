"""A payment is disputed from now on, and the provider's money stays where it is."""

from collections.abc import Mapping
from datetime import datetime

from callsheet.bookings.case import Case
from callsheet.bookings.payment_events import PaymentDisputed
from callsheet.bookings.recording import moved
from callsheet.payments.model import PaymentStatus
from callsheet.payments.rules import PaymentAction
from callsheet.platform.transaction import Transaction
from callsheet.transfers.holding import hold_transfer
from callsheet.transfers.model import Hold, HoldRecord

_STRIPE = "stripe"
_DISPUTABLE = frozenset({PaymentStatus.CAPTURED, PaymentStatus.PARTIALLY_REFUNDED})


def dispute(case: Case, txn: Transaction, now: datetime, changes: Mapping[str, object]) -> None:
    """Save the payment with `changes`, disputed where it was not yet."""
    payment = case.payment
    is_news = payment.status in _DISPUTABLE
    status = moved(payment, PaymentAction.DISPUTE) if is_news else payment.status
    case.save_payment(txn, payment.model_copy(update={**changes, "status": status}))
    if case.stored_transfer is not None:
        hold = HoldRecord(hold=Hold.DISPUTE, placed_by=_STRIPE, placed_at=now)
        hold_transfer(txn, case.stored_transfer, hold)
    if is_news:
        case.publish(txn, PaymentDisputed)
