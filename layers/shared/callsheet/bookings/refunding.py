"""What became of a refund is written down: its status, its entry and its event, or the dispute that was faster."""

from datetime import datetime, timedelta

from callsheet.bookings import postings
from callsheet.bookings.case import Case
from callsheet.bookings.disputing import dispute
from callsheet.bookings.earning import owe_provider
from callsheet.bookings.letting_go import is_due_again
from callsheet.bookings.payment_events import PaymentRefunded
from callsheet.bookings.recording import moved
from callsheet.bookings.rules import BookingStatus
from callsheet.gateways.payments import RefundReceipt
from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post_all
from callsheet.payments.model import InFlight, MadeRefund
from callsheet.payments.rules import CHECK_DISPUTES, CHECK_REFUNDS, LOOKS_AT_REFUNDS, PaymentAction
from callsheet.payments.shares import RefundSplit
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.transfers.lifting import Lifting, lift_hold
from callsheet.transfers.model import Hold
from callsheet.wallet.for_booking import refund_residue

_STRIPE = "stripe"
# Stripe repeats a refusal under the same key for a day: looking sooner would only ask more often.
_AFTER_A_REFUSAL = timedelta(hours=1)


def record_refund(case: Case, receipt: RefundReceipt | None, caller: Principal, now: datetime) -> None:
    """A refund of ours has been made: its status, its entries, its event; what is left becomes the provider's.

    Without a receipt all of it has gone into the client's wallet, or the client has had all of it before.
    """
    payment, asked, split = case.payment, case.payment.in_flight, split_in_flight(case)
    if asked is None or asked.refund_id is None or split is None:
        raise Stale  # the two reads of the case saw different moments
    txn = Transaction(caller, now)
    refunded = payment.refunded + split.total if payment.refunded else split.total
    is_all = refunded.amount_minor >= payment.amount.amount_minor
    action = PaymentAction.REFUND if is_all else PaymentAction.REFUND_PART
    if receipt is None and payment.losses:
        action = PaymentAction.CREDIT  # a bank has decided about the rest: it stays disputed
    stripe_id = receipt.id if receipt else None
    made = MadeRefund(
        id=asked.refund_id, stripe_refund_id=stripe_id, split=split, made_at=now, to_wallet=asked.to_wallet
    )
    done = {
        "status": payment.status if split.total.is_zero else moved(payment, action),
        "refunded": refunded,
        "refunds": (*payment.refunds, made),
        "in_flight": None,
    }
    case.save_payment(txn, payment.model_copy(update=done))
    is_over = case.booking.status is BookingStatus.CANCELLED
    returned = postings.Returned(
        refund_id=asked.refund_id,
        split=split,
        stripe_refund_id=stripe_id,
        are_fees_earned=case.booking.status is BookingStatus.COMPLETED or (is_over and asked.is_goodwill),
        to_wallet=asked.to_wallet,
    )
    case.check_booking(txn)  # whether the fees are earned is decided on it
    post_all(txn, tuple(postings.refund_entries(case.booking, returned)), now)
    if asked.to_wallet is not None:
        refund_residue(txn, payment.client_id, case.booking.id, asked.refund_id, asked.to_wallet, now)
    _let_go(case, txn, now, earns=(is_over and not asked.is_goodwill) or _leaves_some(case, split))
    if stripe_id is not None:
        for after in LOOKS_AT_REFUNDS:
            txn.due(CHECK_REFUNDS, case.booking.id, now + after)
    case.publish(txn, PaymentRefunded, refund_id=asked.refund_id, amount=split.total)
    txn.commit()


def record_refund_in_vain(case: Case, caller: Principal, now: datetime) -> None:
    """The cardholder's bank was faster: what was to go back waits for what becomes of the dispute.

    The dispute itself is recorded by whoever looks at it next: Stripe's webhook, or the check that is arranged here.
    """
    payment, txn = case.payment, Transaction(caller, now)
    dispute(case, txn, now, {"in_flight": None, "set_aside": payment.in_flight})
    txn.due(CHECK_DISPUTES, case.booking.id, now + _AFTER_A_REFUSAL)
    txn.commit()


def split_in_flight(case: Case) -> RefundSplit | None:
    """Who gives what of the refund that is in flight."""
    return split_in(case, case.payment.in_flight)


def split_in(case: Case, asked: InFlight | None) -> RefundSplit | None:
    """Who gives what of a refund that was asked for."""
    ended = case.booking.cancellation
    if asked is None:
        return None
    return asked.split or (ended.refund if ended else None)  # older requests stand on the booking alone


def _leaves_some(case: Case, split: RefundSplit) -> bool:
    """More was taken back from the provider than is given: a lost dispute has covered a part, which they owe."""
    stored = case.stored_transfer
    return (
        stored is not None
        and bool(case.payment.losses)
        and is_due_again(case, stored.document, split.payable)
    )


def _let_go(case: Case, txn: Transaction, now: datetime, *, earns: bool) -> None:
    """A refund no longer keeps the provider's money; of a cancelled booking, what is left of it is theirs now."""
    if case.stored_transfer is None:
        if earns:
            owe_provider(case, txn, now)
        return
    lifting = Lifting(lifted_by=_STRIPE, lifted_at=now)
    lift_hold(txn, case.stored_transfer, Hold.REFUND, lifting, earns=earns)
