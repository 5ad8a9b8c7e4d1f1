"""Who consents to what is over by then is told what has ended it."""

from dataclasses import replace

import pytest

from callsheet.amendments.accept_amendment import accept_amendment
from callsheet.amendments.model import Answer
from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.endings import why_it_ended
from callsheet.bookings.errors import (
    AuthorizationExpired,
    EndedMeanwhile,
    PaymentFailedMeanwhile,
    RequestLapsed,
)
from callsheet.kernel.errors import CallsheetError, IllegalTransition
from callsheet.kernel.principal import RequestKey
from tests.support.crashes import MortalPayments
from tests.support.meanwhile import Meanwhile
from tests.support.stage import Stage
from tests.support.truths import check_at_rest

KEY = RequestKey("consent", "same")


def test_where_stripe_no_longer_holds_the_money_the_authorisation_has_expired(stage: Stage) -> None:
    proposed = stage.propose(stage.accepted())
    stage.fake.lapse(stage.intent_id(proposed.id))
    with pytest.raises(AuthorizationExpired):
        stage.consent(proposed)
    check_at_rest(stage)


def test_a_consent_repeated_after_the_client_has_not_paid_in_time_says_that_the_time_is_over(
    stage: Stage,
) -> None:
    proposed = stage.propose(stage.accepted(), stage.pavel.user)
    carla = replace(stage.carla, request_key=KEY)
    stage.advance(hours=23)
    stage.consent(proposed, carla, payment_method="pm_card_authenticationRequired")
    stage.advance(hours=1.5)
    with pytest.raises(RequestLapsed):
        stage.consent(proposed, carla)
    check_at_rest(stage)


def test_a_consent_repeated_after_the_booking_was_cancelled_says_so(stage: Stage) -> None:
    booking = stage.accepted()
    proposed = stage.propose(booking)
    pavel = replace(stage.pavel.user, request_key=KEY)
    stage.consent(proposed, pavel)
    stage.cancel(booking)
    stage.sweep()
    with pytest.raises(EndedMeanwhile) as refusal:
        stage.consent(proposed, pavel)
    assert refusal.value.extra == {"booking_status": "cancelled"}
    check_at_rest(stage)


def test_an_acceptance_repeated_after_the_client_has_cancelled_says_who_did(stage: Stage) -> None:
    booking = stage.book()
    pavel = replace(stage.pavel.user, request_key=KEY)
    accept_booking(booking.id, pavel, stage.deps)
    stage.cancel(booking)
    with pytest.raises(EndedMeanwhile) as refusal:
        accept_booking(booking.id, pavel, stage.deps)
    assert refusal.value.extra == {"reason": "client"}


def test_a_consent_repeated_by_the_provider_after_the_card_was_refused_says_no_more_than_that(
    stage: Stage,
) -> None:
    proposed = stage.propose(stage.accepted(), stage.pavel.user)
    with pytest.raises(CallsheetError):
        stage.consent(proposed, stage.carla, payment_method="pm_card_chargeDeclined")
    failed = stage.case(proposed.id)
    assert isinstance(why_it_ended(failed), PaymentFailedMeanwhile)


@pytest.mark.parametrize("at", range(8))
def test_a_booking_that_completes_during_a_consent_is_what_the_client_is_told_of(
    stage: Stage, at: int
) -> None:
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    proposed = stage.propose(booking, stage.pavel.user)

    def ends() -> None:
        stage.complete(booking)
        stage.sweep()

    steps, told = Meanwhile(at, other=ends), None
    answer = Answer(booking_id=booking.id, amendment_id=proposed.id)
    with steps.watching_transactions():
        try:
            accept_amendment(answer, stage.carla, stage.deps_with(MortalPayments(stage.fake, steps)))
        except CallsheetError as error:
            told = error
    assert told is None or isinstance(told, EndedMeanwhile | IllegalTransition)
    stage.advance(hours=1.1)
    check_at_rest(stage)
