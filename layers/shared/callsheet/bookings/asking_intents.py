"""Stripe is asked to hold money, or to let go of it, and what came of it is recorded."""

from datetime import timedelta

from callsheet.bookings.authorizing import record_nothing_to_void, record_unpayable
from callsheet.bookings.case import Case
from callsheet.bookings.charging_deps import Charging
from callsheet.bookings.recording import Also, Writers, record
from callsheet.bookings.settlement import Settler, Settlers
from callsheet.gateways.errors import IntentRefused, IntentStateChanged
from callsheet.gateways.payments import Intent, Order
from callsheet.kernel.principal import Principal
from callsheet.payments.model import Ask
from callsheet.payments.rules import is_claimed_for
from callsheet.platform.transaction import Transaction
from callsheet.users.for_booking import forget_customer, remember_customer

# Stripe keeps keys for a day at least; clocks may differ.
_KEY_HOLDS = timedelta(hours=23)


def holding(writers: Writers) -> Settlers[Charging]:
    """The settlers of authorisations and voids that record with these writers.

    They go together: of a card that was refused the intent is canceled, and to cancel an intent that may or may not be
    there it is ordered again.
    """
    settler = _settler(writers)
    return {Ask.AUTHORIZE: settler, Ask.VOID: settler}


def _settler(writers: Writers) -> Settler[Charging]:
    def move(case: Case, caller: Principal, deps: Charging, also: Also | None) -> None:
        had_customer, is_void = case.payment.customer_id is not None, is_claimed_for(case.payment, Ask.VOID)

        def with_customer(txn: Transaction, moved: Case) -> None:
            payment = moved.payment
            if not had_customer and payment.customer_id is not None:
                remember_customer(txn, payment.client_id, payment.customer_id, deps.clock.now())
            if also is not None:
                also(txn, moved)

        try:
            intent = _voided(case, deps) if is_void else _ordered(case, deps)
        except IntentRefused as refusal:
            if is_void:
                record_nothing_to_void(case, caller, deps.clock.now())
            else:
                record_unpayable(case, refusal.reason, caller, deps.clock.now(), _after(refusal, also))
        else:
            record(case, intent, writers, caller, deps.clock.now(), also=with_customer)

    return move


def _after(refusal: IntentRefused, also: Also | None) -> Also:
    def with_refusal(txn: Transaction, moved: Case) -> None:
        if refusal.is_customer_gone:
            forget_customer(txn, moved.payment.client_id)
        if also is not None:
            also(txn, moved)

    return with_refusal


def _voided(case: Case, deps: Charging) -> Intent:
    """The intent once it was canceled; where it has moved on by itself, as it is now.

    To void what may or may not be there, the same is ordered again: under its key it is the same intent, or one that
    nobody else can make any more.
    """
    intent_id = case.payment.intent_id or _ordered(case, deps).id
    try:
        return deps.payments.cancel(intent_id, case.payment.id)
    except IntentStateChanged:
        return deps.payments.intent(intent_id)


def _ordered(case: Case, deps: Charging) -> Intent:
    """Stripe forgets keys after a day: from then on the same order would make, and hold money on, another intent."""
    booking, payment = case.booking, case.payment
    found = None
    if deps.clock.now() >= booking.created_at + _KEY_HOLDS:
        found = deps.payments.find_intent(payment.id, booking.created_at, payment.customer_id)
    return found or deps.payments.authorize(_order(case, deps))


def _order(case: Case, deps: Charging) -> Order:
    """The same order each time it is made, whatever was interrupted; the customer is created on the way."""
    payment, amends = case.payment, case.booking.amends
    customer_id = payment.customer_id or deps.payments.create_customer(payment.client_id)
    case.stored_payment.document = payment.model_copy(update={"customer_id": customer_id})
    return Order(
        payment_id=payment.id,
        subject=payment.subject,
        group=amends.booking_id if amends else payment.subject,
        amount=payment.card,
        customer_id=customer_id,
        payment_method=payment.payment_method,
        description=payment.description,
        is_off_session=amends is not None and amends.is_off_session,
    )
