"""No dispute is open any more: what it held back goes its way again."""

from collections.abc import Mapping
from datetime import datetime

from callsheet.bookings.case import Case
from callsheet.bookings.rules import BookingStatus
from callsheet.bookings.watching import watch
from callsheet.kernel.money import Money, zero
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import Payment, PaymentStatus
from callsheet.payments.rules import PAYMENT, PaymentAction, as_credit
from callsheet.platform.transaction import Transaction
from callsheet.transfers.lifting import Lifting, lift_holds
from callsheet.transfers.model import Hold, Transfer, TransferStatus
from callsheet.transfers.payable import payable_of

_STRIPE = "stripe"
_PAID = frozenset({TransferStatus.TRANSFERRED, TransferStatus.SETTLED})


def let_go_and_resume(case: Case, txn: Transaction, now: datetime, changes: Mapping[str, object]) -> None:
    """Nothing is lost: the payment is what it was before, and a refund that was overtaken is asked for again."""
    payment = case.payment
    done = {**changes, "status": _before(payment), "set_aside": None}
    if payment.set_aside is not None and payment.in_flight is None:
        done["in_flight"] = payment.set_aside.model_copy(update={"since": now})
        watch(txn, case.booking.id, now)
    case.save_payment(txn, payment.model_copy(update=done))
    let_go(case, txn, now)


def let_go_as_credit(case: Case, txn: Transaction, now: datetime) -> None:
    """A dispute is lost, and none is open: what a refund that was overtaken is still to give goes into the wallet.

    Until it has, it keeps the provider's money, as it did before.
    """
    payment = case.payment
    if payment.set_aside is None:
        return
    credit = as_credit(payment.set_aside, now)
    case.save_payment(txn, payment.model_copy(update={"in_flight": credit, "set_aside": None}))
    watch(txn, case.booking.id, now)


def let_go(case: Case, txn: Transaction, now: datetime) -> None:
    """The provider's money is no longer held for a dispute. `case` has the payment as it is saved.

    A refund that is still to leave keeps it, as it did before.
    """
    stored = case.stored_transfer
    if stored is None:
        return
    is_owed_back = case.payment.in_flight is not None or case.payment.set_aside is not None
    holds = (Hold.DISPUTE,) if is_owed_back else (Hold.DISPUTE, Hold.REFUND)
    earns = not is_owed_back and is_due_again(case, stored.document, zero(stored.document.currency))
    lift_holds(txn, stored, holds, Lifting(lifted_by=_STRIPE, lifted_at=now), earns=earns)


def _before(payment: Payment) -> PaymentStatus:
    if payment.status is not PaymentStatus.DISPUTED:
        return payment.status  # refunded before: it never was disputed
    action = PaymentAction.REINSTATE_PART if payment.refunded else PaymentAction.REINSTATE
    return PAYMENT.step(payment.status, action, _STRIPE).target


def is_due_again(case: Case, transfer: Transfer, given: Money) -> bool:
    """What was taken back for a refund lies with us, where not all of it was `given`; so does what waited for one of a
    cancelled booking.
    """
    if transfer.status is TransferStatus.WAITING:
        return case.booking.status is BookingStatus.CANCELLED
    if transfer.status not in _PAID:
        return False
    entries = list_entries(transfer.booking_id).items
    owed = payable_of(entries, transfer.provider_id, transfer.currency)
    return owed.amount_minor > given.amount_minor
