"""Writes down what Stripe has said of an intent, as one transaction: state, calendar, ledger and events together.

Each door brings the writers it may need (`authorizing`, `capturing`, `converging`), so that it loads no others.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from callsheet.bookings.case import Case
from callsheet.bookings.convergence import Record, next_record
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.payments import Intent, IntentStatus
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Payment, PaymentStatus
from callsheet.payments.rules import PAYMENT, PaymentAction
from callsheet.platform.transaction import Transaction

_STRIPE = "stripe"

type Also = Callable[[Transaction, Case], None]
type Writer = Callable[[Case, Intent, Transaction, datetime], None]
type Writers = Mapping[Record, Writer]


def record(
    case: Case,
    intent: Intent,
    writers: Writers,
    caller: Principal,
    now: datetime,
    *,
    also: Also | None = None,
) -> Record:
    """Move booking and payment to where the intent says they are; what was recorded.

    `case` holds the new state afterwards. `also` adds to the transaction (the answer to a request); it is called even
    where there is nothing else to write. Raises Stale where somebody else was faster, and PaymentsUnavailable where the
    intent is somewhere else than the caller can take it from (somebody captured past us): what was asked for stays in
    flight, and is moved on by the next look at the payment, which has all the writers.
    """
    step = next_record(case.booking, case.payment, intent)
    txn = Transaction(caller, now)
    if step is not Record.NOTHING:
        if step not in writers:
            raise PaymentsUnavailable(f"The payment is {step} meanwhile; it is looked at again shortly")
        writers[step](case, intent, txn, now)
    if also is not None:
        also(txn, case)
    txn.commit()
    return step


def moved(payment: Payment, action: PaymentAction) -> PaymentStatus:
    """Where the payment's state table leads; IllegalTransition where it leads nowhere."""
    return PAYMENT.step(payment.status, action, _STRIPE).target


def seen(payment: Payment, intent: Intent) -> Payment:
    """What the intent says, without moving the payment; whatever was in flight has had its answer."""
    return payment.model_copy(
        update={
            "intent_id": intent.id,
            "client_secret": intent.client_secret,
            "requires_action": intent.status is IntentStatus.REQUIRES_ACTION,
            "decline_reason": intent.decline_reason,
            "capture_before": intent.capture_before or payment.capture_before,
            "charge_id": intent.charge_id or payment.charge_id,
            "paid_with": intent.payment_method or payment.paid_with,
            "fee": intent.fee or payment.fee,
            "in_flight": None,
        }
    )
