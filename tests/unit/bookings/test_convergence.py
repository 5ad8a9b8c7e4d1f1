"""What an intent's state means for a booking: every combination has one answer, and it leads to rest."""

import itertools

import pytest

from callsheet.bookings.convergence import Record, next_record
from callsheet.bookings.rules import BookingStatus
from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.payments import IntentStatus
from callsheet.payments.model import Ask, Payment, PaymentStatus
from tests.support.builders import a_booking, a_payment, an_intent

PENDING, ACCEPTED, CANCELLED = (
    a_booking().build(),
    a_booking().accepted().build(),
    a_booking().cancelled().build(),
)
CAPTURABLE, SUCCEEDED, CANCELED = (
    an_intent(IntentStatus.REQUIRES_CAPTURE),
    an_intent(IntentStatus.SUCCEEDED),
    an_intent(IntentStatus.CANCELED),
)
AUTHORIZED, CAPTURED = PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED


@pytest.mark.parametrize(
    ("payment", "meaning"),
    [
        (a_payment(), Record.AUTHORIZED),
        (a_payment(asking=Ask.AUTHORIZE), Record.AUTHORIZED),
        (a_payment(AUTHORIZED), Record.NOTHING),
        (a_payment(AUTHORIZED, Ask.CAPTURE), Record.NOTHING),
    ],
)
def test_money_that_is_held_authorises_a_booking_that_waits_for_it_once(
    payment: Payment, meaning: Record
) -> None:
    assert next_record(PENDING, payment, CAPTURABLE) is meaning


def test_a_capture_of_ours_accepts_and_anybody_else_s_is_given_back() -> None:
    assert next_record(PENDING, a_payment(AUTHORIZED, Ask.CAPTURE), SUCCEEDED) is Record.ACCEPTED
    assert next_record(PENDING, a_payment(AUTHORIZED), SUCCEEDED) is Record.CAPTURED_ELSEWHERE
    assert next_record(PENDING, a_payment(), SUCCEEDED) is Record.CAPTURED_ELSEWHERE
    assert next_record(CANCELLED, a_payment(AUTHORIZED, Ask.VOID), SUCCEEDED) is Record.CAPTURED_ELSEWHERE
    assert next_record(ACCEPTED, a_payment(CAPTURED), SUCCEEDED) is Record.NOTHING
    assert next_record(CANCELLED, a_payment(CAPTURED, Ask.REFUND), SUCCEEDED) is Record.NOTHING


def test_an_authorisation_that_is_gone_ends_the_booking_or_the_void() -> None:
    assert next_record(PENDING, a_payment(AUTHORIZED), CANCELED) is Record.LAPSED
    assert next_record(PENDING, a_payment(AUTHORIZED, Ask.CAPTURE), CANCELED) is Record.LAPSED
    assert next_record(CANCELLED, a_payment(AUTHORIZED, Ask.VOID), CANCELED) is Record.VOIDED
    assert next_record(CANCELLED, a_payment(PaymentStatus.FAILED, Ask.VOID), CANCELED) is Record.VOIDED
    assert next_record(CANCELLED, a_payment(PaymentStatus.VOIDED), CANCELED) is Record.NOTHING


def test_a_refused_card_ends_a_booking_that_came_with_it_and_lets_a_client_at_the_form_try_again() -> None:
    refused = an_intent(IntentStatus.REQUIRES_PAYMENT_METHOD, DeclineReason.INSUFFICIENT_FUNDS)
    with_card = a_payment(asking=Ask.AUTHORIZE, payment_method="pm_card_visa")
    assert next_record(PENDING, with_card, refused) is Record.DECLINED
    assert next_record(PENDING, a_payment(), refused) is Record.NOTE
    noted = a_payment().model_copy(update={"decline_reason": DeclineReason.INSUFFICIENT_FUNDS})
    assert next_record(PENDING, noted, refused) is Record.NOTHING


def test_a_bank_that_wants_to_hear_from_its_customer_is_noted_once() -> None:
    asking = an_intent(IntentStatus.REQUIRES_ACTION)
    assert next_record(PENDING, a_payment(asking=Ask.AUTHORIZE), asking) is Record.NOTE
    assert (
        next_record(PENDING, a_payment().model_copy(update={"requires_action": True}), asking)
        is Record.NOTHING
    )


def test_a_dispute_is_not_the_intent_s_to_say() -> None:
    """It says so of inquiries too, and goes on saying it when a dispute is won."""
    disputed = an_intent(IntentStatus.SUCCEEDED, is_disputed=True)
    assert next_record(ACCEPTED, a_payment(CAPTURED), disputed) is Record.NOTHING


def test_nothing_is_ever_recorded_of_a_booking_that_is_over_but_money_that_moves() -> None:
    moves = {Record.NOTHING, Record.VOIDED, Record.CAPTURED_ELSEWHERE}
    for status, payment_status, ask in itertools.product(IntentStatus, PaymentStatus, [None, *Ask]):
        for booking in (CANCELLED, ACCEPTED):
            assert next_record(booking, a_payment(payment_status, ask), an_intent(status)) in moves
    assert BookingStatus.CANCELLED is CANCELLED.status
