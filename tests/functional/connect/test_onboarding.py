"""There is one account at Stripe a user, however often it is asked for and whatever breaks; each link is fresh."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from callsheet.connect.errors import (
    CountryFixed,
    CountryUnsupported,
    DashboardNotReady,
    PayoutAccountClosed,
    PayoutAccountNotFound,
    PayoutAccountRejected,
    ReturnUrlNotAllowed,
)
from callsheet.connect.model import PayoutStatus, Requirement, RestrictionReason
from callsheet.connect.store import owner_of, stored_account
from callsheet.gateways.connect import LinkPurpose
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.errors import IdempotencyKeyReused
from callsheet.kernel.principal import RequestKey, Role
from tests.functional.connect.conftest import Desk
from tests.support.calls import calls
from tests.support.crashes import Died, Steps
from tests.support.stage import somebody

KEY = RequestKey("key", "body")


def test_the_first_time_an_account_is_made_and_the_form_is_answered(desk: Desk) -> None:
    view = desk.start()
    assert (view.account.status, view.account.can_be_paid) == (PayoutStatus.ONBOARDING, False)
    assert view.account.requirements.due == (
        Requirement.BANK_ACCOUNT,
        Requirement.IDENTITY,
        Requirement.TERMS,
    )
    assert view.account.requirements.overdue == (Requirement.BANK_ACCOUNT,)
    assert view.account.reason is RestrictionReason.REQUIREMENTS_DUE
    assert view.link.url.startswith("https://connect.stripe.com/setup/")
    assert desk.stripe.calls == ["create_account", "form_link:onboarding"]
    assert owner_of(desk.account_id()) == desk.pavel.id
    assert desk.told() == []


def test_onboarding_reads_once_and_writes_once_before_and_once_after_stripe(desk: Desk) -> None:
    with calls() as made:
        desk.start(replace(desk.pavel, request_key=KEY))
    assert made == ["BatchGetItem", "TransactWriteItems", "TransactWriteItems"]
    with calls() as made:
        desk.start()
    assert made == ["BatchGetItem"]


def test_however_often_it_is_asked_for_there_is_one_account_and_each_link_is_another(desk: Desk) -> None:
    links = {desk.start().link.url for _ in range(3)}
    assert len(links) == 3
    assert len(desk.stripe.made) == 1
    assert desk.stripe.calls.count("create_account") == 1


def test_the_same_key_answers_the_same_account_and_another_body_is_refused(desk: Desk) -> None:
    caller = replace(desk.pavel, request_key=KEY)
    first, second = desk.start(caller), desk.start(caller)
    assert first.account == second.account
    assert first.link != second.link
    with pytest.raises(IdempotencyKeyReused):
        desk.start(replace(desk.pavel, request_key=RequestKey("key", "other")))
    assert len(desk.stripe.made) == 1


def test_two_at_once_make_one_account(desk: Desk) -> None:
    with ThreadPoolExecutor(2) as pool:
        views = list(pool.map(lambda _: desk.start(), range(2)))
    assert len(desk.stripe.made) == 1
    assert [view.account.status for view in views] == [PayoutStatus.ONBOARDING] * 2


def test_an_account_keeps_its_country_and_nothing_changes(desk: Desk) -> None:
    desk.start()
    before = desk.stored()
    with pytest.raises(CountryFixed) as refused:
        desk.start(country="DE")
    assert refused.value.extra == {"country": "US"}
    assert desk.stored() == before


def test_a_country_that_stripe_refuses_leaves_nobody_with_an_account_and_another_may_follow(
    desk: Desk,
) -> None:
    desk.stripe.refused_countries = frozenset({"KP"})
    for _ in range(2):
        with pytest.raises(CountryUnsupported):
            desk.start(country="KP")
    with pytest.raises(PayoutAccountNotFound):
        desk.get()
    assert desk.stripe.accounts == {}
    assert desk.start(country="DE").account.country == "DE"
    assert desk.stored().openings == 3


def test_a_refused_country_is_refused_again_under_the_same_key(desk: Desk) -> None:
    desk.stripe.refused_countries = frozenset({"KP"})
    caller = replace(desk.pavel, request_key=KEY)
    for _ in range(2):
        with pytest.raises(CountryUnsupported):
            desk.start(caller, country="KP")
    assert desk.stripe.calls == ["create_account"]


@pytest.mark.parametrize("field", ["return_url", "refresh_url"])
def test_nobody_is_led_away_from_the_app_and_nothing_changes(desk: Desk, field: str) -> None:
    with pytest.raises(ReturnUrlNotAllowed):
        desk.start(None, **{field: "https://app.callsheet.test.evil.example/"})
    assert stored_account(desk.pavel.id) is None
    assert desk.stripe.calls == []


# What breaks in between.


def test_an_answer_that_was_lost_is_asked_for_again_under_the_same_key(desk: Desk) -> None:
    desk.stripe.loses_answers = True
    with pytest.raises(PaymentsUnavailable):
        desk.start()
    assert desk.stored().account_id is None
    desk.stripe.loses_answers = False
    desk.clock.moment += timedelta(hours=22)
    desk.start()
    assert len(desk.stripe.made) == 1
    assert desk.stripe.calls.count("find_account") == 0


def test_after_the_key_is_forgotten_the_lost_account_is_looked_for_and_no_other_made(desk: Desk) -> None:
    desk.stripe.loses_answers = True
    with pytest.raises(PaymentsUnavailable):
        desk.start()
    desk.stripe.loses_answers = False
    desk.clock.moment += timedelta(days=3)
    desk.start()
    assert len(desk.stripe.made) == 1
    assert desk.stored().account_id == "acct_1"


def test_what_was_never_made_is_made_days_later_and_its_new_moment_written_down_first(desk: Desk) -> None:
    desk.stripe.is_away = True
    with pytest.raises(PaymentsUnavailable):
        desk.start()
    desk.stripe.is_away, desk.stripe.loses_answers = False, True
    desk.clock.moment += timedelta(days=3)
    with pytest.raises(PaymentsUnavailable):
        desk.start()
    opening = desk.stored().opening
    assert opening is not None
    assert opening.asked_at == desk.clock.moment
    desk.stripe.loses_answers = False
    desk.clock.moment += timedelta(days=3)
    desk.start()
    assert len(desk.stripe.made) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [0, 1])
def test_a_crash_around_either_transaction_heals_by_itself(desk: Desk, at: int, after: bool) -> None:
    with pytest.raises(Died), Steps(at=at, after=after).watching_transactions():
        desk.start()
    desk.advance(hours=1)
    was_begun = (at, after) != (0, False)
    assert len(desk.stripe.made) == int(was_begun)
    if was_begun:
        assert desk.stored().account_id == "acct_1"
        assert desk.stored().opening is None
    desk.start()
    assert len(desk.stripe.made) == 1
    assert owner_of("acct_1") == desk.pavel.id


# Links.


def test_each_purpose_has_its_link(desk: Desk) -> None:
    desk.onboarded()
    for purpose in LinkPurpose:
        assert desk.link(purpose).url.startswith("https://connect.stripe.com/")
    assert desk.stripe.calls == ["form_link:onboarding", "form_link:update", "dashboard_link"]


def test_there_is_no_dashboard_before_the_form_was_filled_in(desk: Desk) -> None:
    desk.start()
    with pytest.raises(DashboardNotReady):
        desk.link(LinkPurpose.DASHBOARD)
    assert "dashboard_link" not in desk.stripe.calls


def test_without_an_account_there_is_nothing_to_see_and_no_link(desk: Desk) -> None:
    desk.start()
    stranger = somebody(Role.PROVIDER)
    for ask in (desk.get, lambda by: desk.link(by=by)):
        with pytest.raises(PayoutAccountNotFound):
            ask(stranger)
    assert stored_account(stranger.id) is None


def test_a_rejected_account_has_no_form_any_more(desk: Desk) -> None:
    desk.start()
    desk.stripe.change(desk.account_id(), disabled_reason="rejected.fraud")
    desk.converge()
    for ask in (desk.start, desk.link):
        with pytest.raises(PayoutAccountRejected):
            ask()
    assert desk.stored().status is PayoutStatus.REJECTED


def test_an_account_that_is_gone_is_found_out_by_its_link_and_another_may_be_opened(desk: Desk) -> None:
    desk.onboarded()
    desk.stripe.close_account("acct_1")
    with pytest.raises(PayoutAccountClosed):
        desk.link(LinkPurpose.DASHBOARD)
    assert desk.get().status is PayoutStatus.CLOSED
    assert desk.told()[-1] == ("payout_account.restricted", "closed")
    with pytest.raises(PayoutAccountClosed):
        desk.link()
    again = desk.start(country="DE")
    assert (again.account.status, again.account.country) == (PayoutStatus.ONBOARDING, "DE")
    assert [order.key for order, _, _ in desk.stripe.made] == [
        f"account/{desk.pavel.id}",
        f"account/{desk.pavel.id}/2",
    ]
    assert owner_of("acct_2") == desk.pavel.id
