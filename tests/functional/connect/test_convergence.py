"""An account is moved to where Stripe says it is: by its webhook, by a look on a deadline, by its owner's look."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from callsheet.connect.check_account import Checked, check_account
from callsheet.connect.converge_account import converge_account, converge_account_at_stripe
from callsheet.connect.model import PayoutStatus, RestrictionReason
from callsheet.connect.rules import CHECK_DELAYS
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.clock import Clock
from callsheet.kernel.ids import new_id
from callsheet.payments.apply_stripe_event import Converging, apply_stripe_event
from callsheet.payments.stripe_events import Concern
from callsheet.platform.records import EventItem
from callsheet.platform.transaction import AlreadyConsumed
from tests.functional.connect.conftest import SYSTEM, Desk
from tests.support.calls import calls
from tests.support.crashes import Died, Steps
from tests.support.payments import FakePayments

ENABLED, RESTRICTED = "payout_account.enabled", "payout_account.restricted"


@dataclass(frozen=True, slots=True)
class Payments:
    """What webhooks of payments need, which these are not."""

    clock: Clock
    payments: FakePayments


def heard(desk: Desk, account_id: str, event_id: str = "evt_1") -> None:
    """A webhook about the account, as its queue brings it."""
    converge = Converging(
        booking=lambda _id: None,
        account=lambda found: converge_account_at_stripe(found, SYSTEM, desk.deps),
        payout=lambda _account_id, _payout_id: None,
    )
    concern = Concern(type="account.updated", account_id=account_id)
    payments = Payments(desk.clock, FakePayments(desk.clock.now))
    apply_stripe_event(event_id, concern, SYSTEM, payments, converge)


def test_whoever_finishes_the_form_can_be_paid_and_that_is_told_once(desk: Desk) -> None:
    desk.start()
    desk.stripe.finish_form("acct_1")
    for _ in range(3):
        desk.converge()
    assert desk.stored().status is PayoutStatus.ACTIVE
    assert desk.stored().reason is None
    assert desk.told() == [(ENABLED, None)]


def test_a_form_that_is_half_filled_in_moves_nothing_and_tells_nobody(desk: Desk) -> None:
    desk.start()
    desk.stripe.change("acct_1", details_submitted=True, currently_due=("external_account",))
    desk.converge()
    assert desk.stored().status is PayoutStatus.ONBOARDING
    assert desk.get().details_submitted
    assert desk.told() == []


def test_a_restriction_is_told_with_its_reason_and_lifted_again(desk: Desk) -> None:
    desk.onboarded()
    desk.stripe.change(
        "acct_1",
        payouts_enabled=False,
        past_due=("individual.verification.document",),
        disabled_reason="requirements.past_due",
    )
    desk.converge()
    assert desk.stored().status is PayoutStatus.RESTRICTED
    assert desk.get().reason is RestrictionReason.REQUIREMENTS_DUE
    desk.stripe.finish_form("acct_1")
    desk.converge()
    assert desk.told() == [(ENABLED, None), (RESTRICTED, "requirements_due"), (ENABLED, None)]


def test_a_rejection_is_told_without_saying_what_stripe_thinks(desk: Desk) -> None:
    desk.onboarded()
    desk.stripe.change("acct_1", transfers_enabled=False, disabled_reason="rejected.fraud")
    desk.converge()
    assert desk.stored().status is PayoutStatus.REJECTED
    assert desk.told()[-1] == (RESTRICTED, "rejected")
    assert desk.stored().check_at is None


def test_an_event_names_its_owner_and_nothing_that_stripe_knows_of_them(desk: Desk) -> None:
    desk.onboarded()
    (event,) = EventItem.query(desk.pavel.id)
    assert event.document.payload == {"user_id": desk.pavel.id}
    assert event.document.aggregate.type == "payout_account"


# Webhooks.


def test_a_webhook_points_at_an_account_which_is_fetched(desk: Desk) -> None:
    desk.start()
    desk.stripe.finish_form("acct_1")
    heard(desk, "acct_1")
    assert desk.stored().status is PayoutStatus.ACTIVE
    desk.stripe.calls.clear()
    with pytest.raises(AlreadyConsumed):
        heard(desk, "acct_1")
    assert desk.stripe.calls == []


def test_what_the_webhook_claims_is_not_believed(desk: Desk) -> None:
    desk.start()
    heard(desk, "acct_1")
    assert desk.stored().status is PayoutStatus.ONBOARDING


def test_an_account_of_another_stage_s_has_no_effect_and_its_webhook_comes_once(
    desk: Desk,
) -> None:
    heard(desk, "acct_of_somebody")
    with pytest.raises(AlreadyConsumed):
        heard(desk, "acct_of_somebody")
    assert desk.stripe.calls == []


def test_an_account_that_took_its_access_away_is_closed(desk: Desk) -> None:
    desk.onboarded()
    desk.stripe.close_account("acct_1")
    for number in range(2):
        heard(desk, "acct_1", f"evt_{number}")
    assert desk.stored().status is PayoutStatus.CLOSED
    assert not desk.stored().payouts_enabled
    assert desk.told() == [(ENABLED, None), (RESTRICTED, "closed")]


def test_while_stripe_is_away_the_webhook_is_not_consumed(desk: Desk) -> None:
    desk.start()
    desk.stripe.finish_form("acct_1")
    desk.stripe.is_away = True
    with pytest.raises(PaymentsUnavailable):
        heard(desk, "acct_1")
    desk.stripe.is_away = False
    heard(desk, "acct_1")
    assert desk.stored().status is PayoutStatus.ACTIVE


# Webhooks that never come.


def test_a_lost_webhook_heals_on_the_deadline(desk: Desk) -> None:
    desk.start()
    desk.stripe.finish_form("acct_1")
    desk.advance(hours=0.1)
    assert desk.stored().status is PayoutStatus.ONBOARDING
    desk.advance(hours=0.1)
    assert desk.stored().status is PayoutStatus.ACTIVE
    assert desk.stored().check_at is None
    desk.advance(hours=24 * 90)
    assert desk.due() == []


def test_an_abandoned_form_is_looked_at_less_and_less_often_and_then_no_more(desk: Desk) -> None:
    desk.start()
    looks = []
    for _ in range(4 * 24 * 62):
        if not (due := desk.due()):
            break
        due_at = min(item.due_at for item in due)
        desk.clock.moment = max(desk.clock.moment, desk.clock.moment.fromisoformat(due_at))
        looks.append(desk.clock.moment)
        desk.advance(hours=0)
    assert len(looks) == len(CHECK_DELAYS)
    assert desk.stripe.calls.count("account") == len(CHECK_DELAYS)
    assert desk.stored().check_at is None
    assert desk.stored().status is PayoutStatus.ONBOARDING


def test_a_new_link_has_it_looked_at_soon_again(desk: Desk) -> None:
    desk.start()
    desk.advance(hours=1)
    desk.advance(hours=2)
    assert desk.stored().checks > 0
    desk.link()
    assert desk.stored().checks == 0
    assert desk.stored().check_at == desk.clock.moment + CHECK_DELAYS[0]
    desk.stripe.finish_form("acct_1")
    desk.advance(hours=0.2)
    assert desk.stored().status is PayoutStatus.ACTIVE


def test_the_next_look_is_arranged_before_this_one(desk: Desk) -> None:
    desk.start()
    desk.stripe.is_away = True
    (item,) = desk.due()
    desk.clock.moment += timedelta(minutes=10)
    with pytest.raises(PaymentsUnavailable):
        desk.dispatch(item)
    assert desk.stored().check_at == desk.clock.moment + CHECK_DELAYS[1]
    before = desk.stored()
    with pytest.raises(PaymentsUnavailable):
        desk.dispatch(item)  # the queue brings it again: it looks, and arranges nothing more
    assert desk.stored() == before


def test_a_look_that_died_in_between_is_made_when_the_queue_brings_it_again(desk: Desk) -> None:
    desk.start()
    desk.stripe.finish_form("acct_1")
    (item,) = desk.due()
    desk.clock.moment += timedelta(minutes=10)
    with pytest.raises(Died), Steps(at=0, after=True).watching_transactions():
        desk.dispatch(item)
    desk.dispatch(item)
    assert desk.stored().status is PayoutStatus.ACTIVE


def test_a_look_at_nobody_or_at_an_account_that_waits_for_nothing_is_moot(desk: Desk) -> None:
    assert check_account(new_id("usr"), desk.clock.now(), SYSTEM, desk.deps) is Checked.MOOT
    desk.onboarded()
    assert check_account(desk.pavel.id, desk.clock.now(), SYSTEM, desk.deps) is Checked.MOOT
    assert desk.stripe.calls == []


def test_a_restricted_account_is_looked_at_from_the_start_again(desk: Desk) -> None:
    desk.onboarded()
    desk.stripe.change("acct_1", payouts_enabled=False)
    desk.converge()
    assert desk.stored().check_at == desk.clock.moment + CHECK_DELAYS[0]
    desk.stripe.finish_form("acct_1")
    desk.advance(hours=0.2)
    assert desk.stored().status is PayoutStatus.ACTIVE


def test_converging_nobody_s_account_does_nothing(desk: Desk) -> None:
    converge_account(new_id("usr"), SYSTEM, desk.deps)
    assert desk.stripe.calls == []


# Its owner looks.


def test_looking_costs_one_read_and_asks_stripe_where_what_we_know_is_old(desk: Desk) -> None:
    desk.start()
    desk.stripe.calls.clear()
    with calls() as made:
        desk.get()
    assert (made, desk.stripe.calls) == (["BatchGetItem"], [])
    desk.clock.moment += timedelta(minutes=1)
    desk.stripe.finish_form("acct_1")
    with calls() as made:
        assert desk.get().can_be_paid
    assert (made, desk.stripe.calls) == (["BatchGetItem", "TransactWriteItems"], ["account"])


def test_an_active_account_that_stripe_restricted_unheard_is_found_out_a_day_later(desk: Desk) -> None:
    desk.onboarded()
    desk.stripe.change("acct_1", payouts_enabled=False)
    desk.clock.moment += timedelta(hours=23)
    assert desk.get().can_be_paid
    desk.clock.moment += timedelta(hours=1)
    assert not desk.get().can_be_paid


def test_while_stripe_is_away_one_is_told_what_we_know_and_as_of_when(desk: Desk) -> None:
    desk.start()
    known = desk.get()
    desk.clock.moment += timedelta(days=2)
    desk.stripe.is_away = True
    assert desk.get() == known
    assert known.looked_at == desk.clock.moment - timedelta(days=2)
