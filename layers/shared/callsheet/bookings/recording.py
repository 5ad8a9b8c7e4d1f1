"""Writes down what Stripe has said, each time as one transaction: state, calendar, ledger and events together."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from callsheet.bookings import postings
from callsheet.bookings.cancellation import refund_everything
from callsheet.bookings.case import Case
from callsheet.bookings.convergence import Record, next_record
from callsheet.bookings.events import (
    BookingAccepted,
    BookingCancelled,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    PaymentVoided,
)
from callsheet.bookings.model import Booking, Cancellation
from callsheet.bookings.rules import (
    BOOKING,
    BookingAction,
    BookingStatus,
    CancelReason,
    Party,
    acceptance_until,
    answer_by,
)
from callsheet.bookings.spans import free_slots
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.payments import Intent, IntentStatus, RefundReceipt
from callsheet.kernel.clock import next_beat
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post, post_all
from callsheet.payments.disputes import CHECK as CHECK_DISPUTES
from callsheet.payments.model import Ask, InFlight, MadeRefund, Payment, PaymentStatus
from callsheet.payments.rules import CHECK_AFTER, PAYMENT, PaymentAction
from callsheet.payments.shares import RefundSplit
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.transfers.for_booking import Earning, Lifting, add_transfer, hold_transfer, lift_hold, make_due
from callsheet.transfers.model import Hold, HoldRecord

_STRIPE = "stripe"
# Stripe repeats a refusal under the same key for a day: looking sooner would only ask more often.
_AFTER_A_REFUSAL = timedelta(hours=1)
_DISPUTABLE = frozenset({PaymentStatus.CAPTURED, PaymentStatus.PARTIALLY_REFUNDED})

type Also = Callable[[Transaction, Case], None]


def record(case: Case, intent: Intent, caller: Principal, now: datetime, also: Also | None = None) -> Record:
    """Move booking and payment to where the intent says they are; what was recorded.

    `case` holds the new state afterwards. `also` adds to the transaction (the answer to a request); it is called even
    where there is nothing else to write. Raises Stale where somebody else was faster.
    """
    step = next_record(case.booking, case.payment, intent)
    txn = Transaction(caller, now)
    if step is not Record.NOTHING:
        _WRITERS[step](case, intent, txn, now)
    if also is not None:
        also(txn, case)
    txn.commit()
    return step


def record_unpayable(case: Case, reason: DeclineReason, caller: Principal, now: datetime, also: Also) -> None:
    """Stripe will not make an intent of this order: the booking is over, and nothing is to be voided."""
    payment, txn = case.payment, Transaction(caller, now)
    if case.booking.status is BookingStatus.PENDING:
        _fail_booking(case, txn, now)
    status = _moved(payment, PaymentAction.FAIL)
    failed = {"status": status, "decline_reason": reason, "in_flight": None}
    case.save_payment(txn, payment.model_copy(update=failed))
    case.publish(txn, PaymentFailed, reason=reason)
    also(txn, case)
    txn.commit()


def record_nothing_to_void(case: Case, caller: Principal, now: datetime) -> None:
    """The booking ended before an intent was made."""
    payment, txn = case.payment, Transaction(caller, now)
    voided = {"status": _moved(payment, PaymentAction.VOID), "in_flight": None}
    case.save_payment(txn, payment.model_copy(update=voided))
    case.publish(txn, PaymentVoided)
    txn.commit()


def record_refund_in_vain(case: Case, caller: Principal, now: datetime) -> None:
    """The cardholder's bank was faster: what was to go back waits for what becomes of the dispute.

    The dispute itself is recorded by whoever looks at it next: Stripe's webhook, or the check that is arranged here.
    """
    payment, txn = case.payment, Transaction(caller, now)
    dispute(case, txn, now, {"in_flight": None, "set_aside": payment.in_flight})
    txn.due(CHECK_DISPUTES, case.booking.id, now + _AFTER_A_REFUSAL)
    txn.commit()


def dispute(case: Case, txn: Transaction, now: datetime, changes: Mapping[str, object]) -> None:
    """The payment is disputed from now on, where it is not yet, and the provider's money stays where it is."""
    payment = case.payment
    is_news = payment.status in _DISPUTABLE
    status = _moved(payment, PaymentAction.DISPUTE) if is_news else payment.status
    case.save_payment(txn, payment.model_copy(update={**changes, "status": status}))
    if case.stored_transfer is not None:
        hold = HoldRecord(hold=Hold.DISPUTE, placed_by=_STRIPE, placed_at=now)
        hold_transfer(txn, case.stored_transfer, hold)
    if is_news:
        case.publish(txn, PaymentDisputed)


def record_refund(case: Case, receipt: RefundReceipt, caller: Principal, now: datetime) -> None:
    """A refund of ours has been made: its status, its entry, its event; what is left becomes the provider's."""
    payment, asked, split = case.payment, case.payment.in_flight, split_in_flight(case)
    if asked is None or asked.refund_id is None or split is None:
        raise Stale  # the two reads of the case saw different moments
    txn = Transaction(caller, now)
    refunded = payment.refunded + receipt.amount if payment.refunded else receipt.amount
    is_all = refunded.amount_minor >= payment.amount.amount_minor
    made = MadeRefund(id=asked.refund_id, stripe_refund_id=receipt.id, split=split, made_at=now)
    done = {
        "status": _moved(payment, PaymentAction.REFUND if is_all else PaymentAction.REFUND_PART),
        "refunded": refunded,
        "refunds": (*payment.refunds, made),
        "in_flight": None,
    }
    case.save_payment(txn, payment.model_copy(update=done))
    is_over = case.booking.status is BookingStatus.CANCELLED
    returned = postings.Returned(
        refund_id=asked.refund_id,
        split=split,
        stripe_refund_id=receipt.id,
        are_fees_earned=case.booking.status is BookingStatus.COMPLETED or (is_over and asked.is_goodwill),
    )
    case.check_booking(txn)  # whether the fees are earned is decided on it
    post(txn, postings.refund_entry(case.booking.id, case.booking.provider_id, returned), now)
    _let_go(case, txn, now, earns=is_over and not asked.is_goodwill)
    case.publish(txn, PaymentRefunded, refund_id=asked.refund_id, amount=receipt.amount)
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


def _let_go(case: Case, txn: Transaction, now: datetime, *, earns: bool) -> None:
    """A refund no longer keeps the provider's money; of a cancelled booking, what is left of it is theirs now."""
    if case.stored_transfer is None:
        if earns:
            owe_provider(case, txn, now)
        return
    lifting = Lifting(lifted_by=_STRIPE, lifted_at=now)
    lift_hold(txn, case.stored_transfer, Hold.REFUND, lifting, earns=earns)


def watch(txn: Transaction, subject: str, now: datetime) -> None:
    """Have the payment looked at again soon, whatever becomes of us and of Stripe's webhooks."""
    txn.due("payment.check", subject, now + CHECK_AFTER)


def watch_again(txn: Transaction, subject: str, due_at: datetime, now: datetime) -> None:
    """The look after the one that was due at `due_at`: in the same steps, the first that is still to come."""
    txn.due("payment.check", subject, next_beat(due_at, CHECK_AFTER, now))


def _note(case: Case, intent: Intent, txn: Transaction, _now: datetime) -> None:
    case.save_payment(txn, _seen(case.payment, intent))


def _authorized(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    booking = case.booking
    BOOKING.step(booking.status, BookingAction.AUTHORIZE, _STRIPE)
    deadline = answer_by(now, booking.answer_hours, booking.starts_at, intent.capture_before)
    case.save_booking(txn, booking.model_copy(update={"answer_by": deadline}))
    seen = _seen(case.payment, intent)
    case.save_payment(txn, seen.model_copy(update={"status": PaymentStatus.AUTHORIZED, "authorized_at": now}))
    txn.due("booking.answer", booking.id, deadline)
    case.publish(txn, PaymentAuthorized)


def _declined(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    """The refused intent is canceled too, so that nobody can confirm it behind a booking that is over."""
    _fail_booking(case, txn, now)
    void = InFlight(ask=Ask.VOID, since=now)
    done = {"status": _moved(case.payment, PaymentAction.FAIL), "in_flight": void}
    case.save_payment(txn, _seen(case.payment, intent).model_copy(update=done))
    watch(txn, case.booking.id, now)
    case.publish(txn, PaymentFailed, reason=intent.decline_reason or DeclineReason.CARD_DECLINED)


def _fail_booking(case: Case, txn: Transaction, now: datetime) -> None:
    BOOKING.step(case.booking.status, BookingAction.FAIL_PAYMENT, _STRIPE)
    cancel(case, CancelReason.PAYMENT_FAILED, txn, now)


def _lapsed(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    BOOKING.step(case.booking.status, BookingAction.EXPIRE, "system")
    cancel(case, CancelReason.EXPIRED, txn, now)
    _voided(case, intent, txn, now)


def _voided(case: Case, intent: Intent, txn: Transaction, _now: datetime) -> None:
    payment = case.payment
    has_failed = payment.status is PaymentStatus.FAILED  # a refused intent is canceled, and stays refused
    status = payment.status if has_failed else _moved(payment, PaymentAction.VOID)
    case.save_payment(txn, _seen(payment, intent).model_copy(update={"status": status}))
    if not has_failed:
        case.publish(txn, PaymentVoided)


def _accepted(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    booking = case.booking
    BOOKING.step(booking.status, BookingAction.ACCEPT, Party.PROVIDER)
    _captured(case, intent, txn, now, in_flight=None)
    case.save_booking(txn, _with_session(booking, now))
    if case.booking.acceptance_until is not None:
        txn.due("booking.acceptance", booking.id, case.booking.acceptance_until)
    elif booking.starts_at is not None:
        txn.due("booking.start", booking.id, booking.starts_at)
    case.publish(txn, BookingAccepted, starts_at=booking.starts_at, ends_at=booking.ends_at)


def _with_session(booking: Booking, now: datetime) -> Booking:
    """A remote job has no session: its acceptance window runs from the moment the provider took it."""
    accepted = {"status": BookingStatus.ACCEPTED, "accepted_at": now}
    if booking.starts_at is None:
        until = acceptance_until(now, booking.acceptance_hours)
        accepted |= {"started_at": now, "ended_at": now, "acceptance_until": until}
    return booking.model_copy(update=accepted)


def _captured_elsewhere(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    """Somebody captured past us, and no provider has accepted: everything goes back, and the ledger shows both."""
    split = refund_everything(case.booking.price)
    refund = InFlight(ask=Ask.REFUND, since=now, refund_id=new_id("rfd"), amount=split.total, split=split)
    ended = case.booking.cancellation
    if ended is None:
        cancel(case, CancelReason.PAYMENT_FAILED, txn, now, refund=split)
    else:
        refunding = ended.model_copy(update={"refund": split})
        case.save_booking(txn, case.booking.model_copy(update={"cancellation": refunding}))
    _captured(case, intent, txn, now, in_flight=refund)
    watch(txn, case.booking.id, now)


def _captured(
    case: Case, intent: Intent, txn: Transaction, now: datetime, *, in_flight: InFlight | None
) -> None:
    booking = case.booking
    status = _moved(case.payment, PaymentAction.CAPTURE)
    done = {"status": status, "captured_at": now, "in_flight": in_flight}
    case.save_payment(txn, _seen(case.payment, intent).model_copy(update=done))
    entries = [postings.capture_entry(booking.id, booking.provider_id, booking.price, intent.charge_id)]
    if intent.fee is not None and not intent.fee.is_zero:
        entries.append(postings.processing_entry(booking.id, intent.fee, intent.charge_id))
    post_all(txn, entries, now)
    case.stored_transfer = add_transfer(txn, _earning(case), now)
    case.publish(txn, PaymentCaptured)


def owe_provider(case: Case, txn: Transaction, now: datetime) -> None:
    """What the ledger leaves to the provider is theirs from now on, and is paid when nothing keeps it."""
    if case.stored_transfer is None:  # captured before there were transfers
        case.stored_transfer = add_transfer(txn, _earning(case), now, is_due=True)
    else:
        make_due(txn, case.stored_transfer, now)


def _earning(case: Case) -> Earning:
    booking, payment = case.booking, case.payment
    return Earning(
        booking_id=booking.id,
        provider_id=booking.provider_id,
        currency=booking.price.total.currency,
        charge_id=payment.charge_id,
    )


def _fee_known(case: Case, intent: Intent, txn: Transaction, now: datetime) -> None:
    payment = case.payment
    case.save_payment(txn, payment.model_copy(update={"fee": intent.fee}))
    if intent.fee is not None and not intent.fee.is_zero:
        post(txn, postings.processing_entry(case.booking.id, intent.fee, intent.charge_id), now)


def cancel(
    case: Case,
    reason: CancelReason,
    txn: Transaction,
    now: datetime,
    *,
    words: str | None = None,
    refund: RefundSplit | None = None,
) -> None:
    """End a booking: state, slots and event; its payment is the caller's to save."""
    ended = Cancellation(reason=reason, cancelled_at=now, words=words, refund=refund)
    cancelled = {"status": BookingStatus.CANCELLED, "cancellation": ended}
    case.save_booking(txn, case.booking.model_copy(update=cancelled))
    free_slots(txn, case.booking)
    case.publish(txn, BookingCancelled, reason=reason, refund=refund.total if refund else None)


def _moved(payment: Payment, action: PaymentAction) -> PaymentStatus:
    """Where the payment's state table leads; IllegalTransition where it leads nowhere."""
    return PAYMENT.step(payment.status, action, _STRIPE).target


def _seen(payment: Payment, intent: Intent) -> Payment:
    """What the intent says, without moving the payment; whatever was in flight has had its answer."""
    return payment.model_copy(
        update={
            "intent_id": intent.id,
            "client_secret": intent.client_secret,
            "requires_action": intent.status is IntentStatus.REQUIRES_ACTION,
            "decline_reason": intent.decline_reason,
            "capture_before": intent.capture_before or payment.capture_before,
            "charge_id": intent.charge_id or payment.charge_id,
            "fee": intent.fee or payment.fee,
            "in_flight": None,
        }
    )


type _Writer = Callable[[Case, Intent, Transaction, datetime], None]

_WRITERS: dict[Record, _Writer] = {
    Record.NOTE: _note,
    Record.AUTHORIZED: _authorized,
    Record.DECLINED: _declined,
    Record.LAPSED: _lapsed,
    Record.ACCEPTED: _accepted,
    Record.CAPTURED_ELSEWHERE: _captured_elsewhere,
    Record.VOIDED: _voided,
    Record.FEE_KNOWN: _fee_known,
}
