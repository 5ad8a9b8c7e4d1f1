"""Asks Stripe for what is in flight, and records the outcome: the one way in which money of a booking moves.

What is about to be asked stands in the payment before (`InFlight`), under an idempotency key made of our own ids.
Whoever comes after a crash, be it the caller again, a webhook or the sweeper, asks the same and finishes the same.
"""

from datetime import timedelta

from callsheet.bookings.case import Case, load_case
from callsheet.bookings.checkout_deps import CheckoutDeps
from callsheet.bookings.recording import (
    Also,
    record,
    record_nothing_to_void,
    record_refund,
    record_refund_in_vain,
    record_unpayable,
    split_in_flight,
)
from callsheet.gateways.asking import was_asked_before
from callsheet.gateways.errors import IntentRefused, IntentStateChanged, PaymentsUnavailable
from callsheet.gateways.payments import Intent, Order
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Ask
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.transfers.take_back import take_back
from callsheet.users.for_booking import forget_customer, remember_customer

_MOST_STEPS = 3
# Stripe keeps keys for a day at least; clocks may differ.
_KEY_HOLDS = timedelta(hours=23)
_REFUNDED = frozenset({"succeeded", "pending"})


def settle(case: Case, caller: Principal, deps: CheckoutDeps, also: Also | None = None) -> None:
    """Ask for what is in flight until nothing is; `case` then holds what has become of it.

    `also` adds to the first transaction that is written. Raises PaymentsUnavailable where the outcome is not known
    (what was asked for stays in flight, and is watched), Stale where somebody else has recorded meanwhile.
    """
    for _ in range(_MOST_STEPS):
        asked = case.payment.in_flight
        if asked is None:
            return
        if asked.ask is Ask.REFUND:
            _refund(case, caller, deps)
        else:
            _move(case, asked.ask, caller, deps, also)
            also = None


def settle_or_leave_it(case: Case, caller: Principal, deps: CheckoutDeps) -> Case:
    """The same where the caller need not wait for the money: it is watched, and follows when Stripe answers."""
    try:
        settle(case, caller, deps)
    except (PaymentsUnavailable, IntentStateChanged):
        return case
    except Stale:
        return load_case(case.booking.id)
    return case


def look_at(case: Case, caller: Principal, deps: CheckoutDeps) -> Intent | None:
    """Fetch the intent and move our state toward it; the intent, where there is one."""
    if case.payment.intent_id is None:
        return None
    intent = deps.payments.intent(case.payment.intent_id)
    record(case, intent, caller, deps.clock.now())
    return intent


def _refund(case: Case, caller: Principal, deps: CheckoutDeps) -> None:
    """Give back; a refund that was asked for before is looked for first, since keys are forgotten after a day."""
    payment, asked = case.payment, case.payment.in_flight
    if asked is None or asked.refund_id is None or asked.amount is None or payment.intent_id is None:
        raise Stale  # the two reads of the case saw different moments
    _take_back(case, asked.refund_id, caller, deps)
    now, made = deps.clock.now(), None
    if was_asked_before(asked.since, now):
        made = deps.payments.find_refund(payment.intent_id, asked.refund_id)
    try:
        receipt = made or deps.payments.refund(payment.intent_id, asked.amount, asked.refund_id)
    except IntentStateChanged:
        if not deps.payments.intent(payment.intent_id).is_disputed:
            raise
        record_refund_in_vain(case, caller, now)
        return
    if receipt.status not in _REFUNDED:
        raise PaymentsUnavailable(f"The refund is {receipt.status}")
    record_refund(case, receipt, caller, now)


def _take_back(case: Case, refund_id: str, caller: Principal, deps: CheckoutDeps) -> None:
    """What the provider has been paid comes back first, so that a refund is never paid out of somebody else's money."""
    stored, split = case.stored_transfer, split_in_flight(case)
    if stored is None or split is None or stored.document.legs_claimed == 0:
        return
    case.stored_transfer = take_back(case.booking.id, split.payable, refund_id, caller, deps)


def _move(case: Case, ask: Ask, caller: Principal, deps: CheckoutDeps, also: Also | None) -> None:
    had_customer = case.payment.customer_id is not None

    def with_customer(txn: Transaction, moved: Case) -> None:
        payment = moved.payment
        if not had_customer and payment.customer_id is not None:
            remember_customer(txn, payment.client_id, payment.customer_id, deps.clock.now())
        if also is not None:
            also(txn, moved)

    try:
        intent = _intent_after(case, ask, deps)
    except IntentRefused as refusal:
        if ask is Ask.VOID:
            record_nothing_to_void(case, caller, deps.clock.now())
        else:
            record_unpayable(case, refusal.reason, caller, deps.clock.now(), _after(refusal, also))
    else:
        record(case, intent, caller, deps.clock.now(), with_customer)


def _after(refusal: IntentRefused, also: Also | None) -> Also:
    def with_refusal(txn: Transaction, moved: Case) -> None:
        if refusal.is_customer_gone:
            forget_customer(txn, moved.payment.client_id)
        if also is not None:
            also(txn, moved)

    return with_refusal


def _intent_after(case: Case, ask: Ask, deps: CheckoutDeps) -> Intent:
    """The intent once it was asked for; where it has moved on by itself, as it is now."""
    intent_id = case.payment.intent_id
    if intent_id is None:
        # To void what may or may not be there, the same is ordered again: under its key it is the same intent, or one
        # that nobody else can make any more.
        intent = _ordered_before(case, deps) or deps.payments.authorize(_order(case, deps))
        if ask is Ask.AUTHORIZE:
            return intent
        intent_id = intent.id
    try:
        if ask is Ask.CAPTURE:
            return deps.payments.capture(intent_id, case.payment.id)
        return deps.payments.cancel(intent_id, case.payment.id)
    except IntentStateChanged:
        return deps.payments.intent(intent_id)


def _ordered_before(case: Case, deps: CheckoutDeps) -> Intent | None:
    """Stripe forgets keys after a day: from then on the same order would make, and hold money on, another intent."""
    booking, payment = case.booking, case.payment
    if deps.clock.now() < booking.created_at + _KEY_HOLDS:
        return None
    return deps.payments.find_intent(payment.id, booking.created_at, payment.customer_id)


def _order(case: Case, deps: CheckoutDeps) -> Order:
    """The same order each time it is made, whatever was interrupted; the customer is created on the way."""
    payment = case.payment
    customer_id = payment.customer_id or deps.payments.create_customer(payment.client_id)
    case.stored_payment.document = payment.model_copy(update={"customer_id": customer_id})
    return Order(
        payment_id=payment.id,
        subject=payment.subject,
        amount=payment.amount,
        customer_id=customer_id,
        payment_method=payment.payment_method,
        description=payment.description,
    )
