"""Refunds that did not reach the client's card: Stripe has given the money back to us, and it is the client's credit.

Whether one failed at once or days later, or is heard of twice: it is looked up at Stripe, and written down once
(ADR 0165).
"""

from datetime import datetime

from callsheet.bookings import postings
from callsheet.bookings.case import Case
from callsheet.bookings.payment_events import PaymentRefundFailed
from callsheet.bookings.refunding_deps import Refunding
from callsheet.gateways.payments import RefundReceipt
from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post_all
from callsheet.payments.model import MadeRefund
from callsheet.platform.transaction import Transaction
from callsheet.wallet.for_booking import credit_failed_refund


def converge_refunds(case: Case, caller: Principal, deps: Refunding) -> None:
    """One call to Stripe where something was refunded to the card, a transaction for each that failed since.

    What the intent says was refunded is no help: somebody may refund in the Dashboard what failed here. Stale where
    somebody else was faster.
    """
    intent_id = case.payment.intent_id
    if intent_id is None or not _can_fail(case):
        return
    for receipt in deps.payments.refunds_of(intent_id):
        record_if_failed(case, receipt, caller, deps.clock.now())


def record_if_failed(case: Case, receipt: RefundReceipt, caller: Principal, now: datetime) -> None:
    """Of a refund of ours that failed: the entries, the client's credit, why, and the event. Nothing the second time.

    Who gave what stays: to the provider it makes no difference how the client has it.
    """
    refund = _can_fail(case).get(receipt.id)
    if refund is None or receipt.failure is None:
        return
    payment, txn = case.payment, Transaction(caller, now)
    failed = refund.model_copy(update={"failed_at": now, "failure": receipt.failure})
    refunds = tuple(failed if one.id == failed.id else one for one in payment.refunds)
    case.save_payment(txn, payment.model_copy(update={"refunds": refunds}))
    entries = postings.failed_refund_entries(case.booking, refund.id, refund.to_card, receipt.id)
    post_all(txn, tuple(entries), now)
    credit_failed_refund(txn, payment.client_id, case.booking.id, refund.id, refund.to_card, now)
    case.publish(txn, PaymentRefundFailed, refund_id=refund.id, amount=refund.to_card, reason=receipt.failure)
    txn.commit()


def _can_fail(case: Case) -> dict[str, MadeRefund]:
    """By Stripe's ids, the refunds to the card of which nobody has heard that they failed."""
    made = case.payment.refunds
    return {one.stripe_refund_id: one for one in made if one.stripe_refund_id and one.failed_at is None}
