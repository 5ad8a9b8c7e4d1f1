"""A provider hears of a request once the client can pay for it, once, and of what came before that never."""

from collections import Counter

import pytest

from callsheet.bookings.model import BookingView
from callsheet.gateways.errors import PaymentDeclined
from callsheet.kernel.principal import Principal
from callsheet.notifications.store import NotificationItem
from callsheet.platform.records import EventItem
from tests.functional.notifications.news import deliver, message_of
from tests.support.stage import Stage
from tests.support.truths import all_bookings


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


def tell_of(*ids: str) -> None:
    """Deliver everything that has been published about these, twice."""
    events = sorted((item for one in ids for item in EventItem.query(one)), key=lambda item: item.sk)
    messages = [message_of(item.document) for item in events]
    deliver(*messages, *messages)


def told(who: Principal, booking: BookingView) -> list[str]:
    items = sorted(NotificationItem.query(who.user_id), key=lambda item: item.sk)
    return [item.kind for item in items if item.booking_id == booking.id]


def test_a_request_that_waits_for_the_client_s_bank_is_not_told_until_it_is_authorised(stage: Stage) -> None:
    booking = stage.book(stage.command(method="pm_card_authenticationRequired"))
    tell_of(booking.id)
    assert told(stage.pavel.user, booking) == []
    stage.fake.confirm(stage.intent_id(booking))
    stage.advance(minutes=6)
    tell_of(booking.id)
    assert told(stage.pavel.user, booking) == ["booking.requested"]


def test_of_a_request_that_was_never_authorised_the_provider_hears_nothing_at_all(stage: Stage) -> None:
    unpaid = stage.book(stage.command(method=None))
    stage.advance(minutes=31)
    tell_of(unpaid.id)
    assert stage.case(unpaid).booking.cancellation is not None
    assert told(stage.carla, unpaid) == ["booking.cancelled"]
    assert told(stage.pavel.user, unpaid) == []


def test_of_a_refused_card_only_the_client_hears(stage: Stage) -> None:
    with pytest.raises(PaymentDeclined) as refusal:
        stage.book(stage.command(method="pm_card_chargeDeclined"))
    assert refusal.value.code == "payment_declined"
    (booking_id,) = all_bookings()
    tell_of(booking_id)
    kinds = Counter(item.kind for item in NotificationItem.query(stage.carla.user_id))
    assert kinds == {"payment.failed": 1}
    assert list(NotificationItem.query(stage.pavel.user.user_id)) == []


def test_what_the_provider_was_asked_they_are_told_the_end_of(stage: Stage) -> None:
    booking = stage.book()
    stage.cancel(booking)
    tell_of(booking.id)
    assert told(stage.pavel.user, booking) == ["booking.requested", "booking.cancelled"]


def test_a_client_s_proposal_is_told_with_its_booking_when_it_is_authorised(stage: Stage) -> None:
    booking = stage.accepted()
    waits = stage.propose(booking, payment_method="pm_card_authenticationRequired")
    tell_of(booking.id, waits.id)
    assert told(stage.pavel.user, booking) == ["booking.requested"]
    stage.fake.confirm(stage.intent_id(waits.id))
    stage.advance(minutes=6)
    tell_of(booking.id, waits.id)
    assert told(stage.pavel.user, booking) == ["booking.requested", "amendment.proposed"]
    assert told(stage.carla, booking).count("amendment.proposed") == 0


def test_a_client_s_proposal_that_was_never_authorised_ends_unheard(stage: Stage) -> None:
    booking = stage.accepted()
    waits = stage.propose(booking, payment_method="pm_card_authenticationRequired")
    stage.withdraw(waits)
    tell_of(booking.id, waits.id)
    assert told(stage.pavel.user, booking) == ["booking.requested"]


def test_a_provider_s_proposal_is_told_to_the_client_and_its_payment_to_nobody(stage: Stage) -> None:
    booking = stage.accepted()
    proposed = stage.propose(booking, stage.pavel.user)
    stage.consent(proposed, stage.carla)
    tell_of(booking.id, proposed.id)
    assert told(stage.carla, booking) == ["booking.accepted", "amendment.proposed"]
    assert told(stage.pavel.user, booking) == ["booking.requested", "amendment.accepted"]
    of_its_own = [
        item for item in NotificationItem.query(stage.pavel.user.user_id) if item.booking_id == proposed.id
    ]
    assert of_its_own == []


def test_a_provider_s_proposal_that_lapses_unpaid_is_over_for_both(stage: Stage) -> None:
    booking = stage.accepted()
    proposed = stage.propose(booking, stage.pavel.user)
    stage.advance(hours=25)
    tell_of(booking.id, proposed.id)
    assert told(stage.pavel.user, booking) == ["booking.requested", "amendment.cancelled"]
    assert "amendment.cancelled" in told(stage.carla, booking)
