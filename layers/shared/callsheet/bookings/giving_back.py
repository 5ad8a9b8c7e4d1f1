"""A refund that support gives is claimed: from here on it happens, whatever fails in between."""

from datetime import datetime

from callsheet.bookings.case import Case
from callsheet.bookings.errors import NothingToRefund, PaymentDisputed, RefundUnderWay
from callsheet.bookings.goodwill import goodwill_split
from callsheet.bookings.refunds import Refund
from callsheet.bookings.views import party_of
from callsheet.bookings.watching import watch
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.money import Money, total
from callsheet.kernel.principal import Principal
from callsheet.payments.for_booking import payment_from, payment_key
from callsheet.payments.model import PaymentStatus
from callsheet.payments.rules import refund_asked
from callsheet.platform.read import get_together
from callsheet.platform.transaction import Transaction
from callsheet.transfers.holding import hold_transfer
from callsheet.transfers.model import Hold, HoldRecord, TransferStatus
from callsheet.transfers.take_back import TransferUnderWay

_REFUNDABLE = frozenset({PaymentStatus.CAPTURED, PaymentStatus.PARTIALLY_REFUNDED})
_RETRY_AFTER_SECONDS = 2


def require_refundable(case: Case, caller: Principal) -> None:
    """Forbidden to the parties themselves, whatever roles they have; else the conflict that stands in the way."""
    if party_of(case.booking, caller) is not None:
        raise Forbidden("Nobody decides on a refund of their own booking")
    if case.payment.in_flight is not None:
        raise RefundUnderWay(retry_after_seconds=_RETRY_AFTER_SECONDS)
    if case.payment.status is PaymentStatus.DISPUTED:
        raise PaymentDisputed
    if case.payment.status not in _REFUNDABLE:
        raise NothingToRefund(extra={"left_minor": 0, "currency": case.payment.amount.currency})


def given_back(case: Case) -> Money:
    """What has gone back of a booking and its amendments together, and what is on its way; one batch read at most.

    Read after the case, and right for as long as nobody else takes a turn.
    """
    root = case.booking if case.stored_parent is None else case.parent
    others = {root.id, *(one.id for one in root.amendments)} - {case.booking.id}
    found = get_together([payment_key(one) for one in sorted(others)]) if others else ()
    payments = [stored.document for stored in map(payment_from, found) if stored is not None]
    amounts = [one.given_back for one in (case.payment, *payments)]
    return total(amounts, case.payment.amount.currency)


def claim_refund(case: Case, refund: Refund, caller: Principal, txn: Transaction, now: datetime) -> None:
    """The refund is in flight, and the provider's money stays where it is until it has left.

    Raises TransferUnderWay while the provider is being paid: what they then have is taken back by the next try.
    """
    stored = case.stored_transfer
    if stored is not None and stored.document.status is TransferStatus.PAYING:
        raise TransferUnderWay(retry_after_seconds=_RETRY_AFTER_SECONDS)
    payment = case.payment
    split = goodwill_split(case.booking.price, case.returned, refund.amount, refund.borne_by)
    asked = refund_asked(payment, refund.id, split, now, is_goodwill=True)
    case.save_payment(txn, payment.model_copy(update={"in_flight": asked}))
    case.take_turn(txn)
    if stored is not None:
        hold = HoldRecord(hold=Hold.REFUND, placed_by=caller.user_id, placed_at=now)
        hold_transfer(txn, stored, hold)
    watch(txn, case.booking.id, now)
