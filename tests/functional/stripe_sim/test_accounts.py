"""Connected accounts: what Stripe wants to know of them, and what they may do meanwhile."""

import json
from datetime import timedelta

import pytest
import stripe

from tests.functional.stripe_sim.conftest import MovingClock
from tests.support.stripe import SimulatedStripe


@pytest.fixture
def newcomer(sim: SimulatedStripe, api: stripe.V1Services) -> str:
    created = api.accounts.create({"type": "express", "capabilities": {"transfers": {"requested": True}}})
    sim.event_types()
    return created.id


def transfers_of(account: stripe.Account) -> str:
    assert account.capabilities is not None
    return str(account.capabilities.transfers)


def due_of(account: stripe.Account) -> stripe.Account.Requirements:
    assert account.requirements is not None
    return account.requirements


def linked(api: stripe.V1Services, account: str) -> str:
    return api.account_links.create(
        {
            "account": account,
            "refresh_url": "https://callsheet.test/again",
            "return_url": "https://callsheet.test/done",
            "type": "account_onboarding",
        }
    ).url


def test_a_new_account_can_do_nothing_yet(newcomer: str, api: stripe.V1Services) -> None:
    found = api.accounts.retrieve(newcomer)
    assert (found.charges_enabled, found.payouts_enabled, found.details_submitted) == (False, False, False)
    assert transfers_of(found) == "inactive"
    due = due_of(found)
    assert due.disabled_reason == "requirements.past_due"
    assert due.currently_due == due.past_due == due.eventually_due
    assert "external_account" in (due.currently_due or [])
    assert [one.id for one in api.accounts.list().data] == [newcomer]


@pytest.mark.parametrize(
    ("controller", "kind"),
    [
        ({"stripe_dashboard": {"type": "express"}, "fees": {"payer": "application"}}, "express"),
        ({"stripe_dashboard": {"type": "none"}, "requirement_collection": "application"}, "custom"),
    ],
)
def test_a_controller_says_which_type(
    controller: dict[str, object], kind: str, api: stripe.V1Services
) -> None:
    made = api.accounts.create({"controller": controller, "country": "DE"})  # type: ignore[arg-type]
    assert (made.type, made.default_currency) == (kind, "eur")


@pytest.mark.parametrize(
    "wrong", [{"type": "standard"}, {}, {"type": "express", "controller": {"fees": {"payer": "application"}}}]
)
def test_other_types_are_refused(wrong: dict[str, object], api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.accounts.create(wrong)  # type: ignore[arg-type]
    assert api.accounts.list().data == []


def test_an_owner_fills_in_the_form(newcomer: str, sim: SimulatedStripe, api: stripe.V1Services) -> None:
    url = linked(api, newcomer)
    assert url.startswith(f"https://connect.stripe.com/setup/e/{newcomer}/")
    assert sim.visit(url) == (200, "")
    assert sim.visit(url, {}) == (303, "https://callsheet.test/done")
    assert sim.event_types() == ["account.external_account.created", "account.updated"]
    found = api.accounts.retrieve(newcomer)
    assert (found.charges_enabled, found.payouts_enabled, found.details_submitted) == (True, True, True)
    assert transfers_of(found) == "active"
    assert due_of(found).currently_due == []
    assert sim.visit(url, {}) == (303, "https://callsheet.test/again")  # a link is used once


def test_an_owner_may_leave_the_form(newcomer: str, sim: SimulatedStripe, api: stripe.V1Services) -> None:
    assert sim.visit(linked(api, newcomer), {"later": "1"}) == (303, "https://callsheet.test/done")
    assert not api.accounts.retrieve(newcomer).details_submitted
    assert sim.event_types() == []


def test_a_link_ends(newcomer: str, clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services) -> None:
    url = linked(api, newcomer)
    clock.advance(minutes=5)
    assert sim.visit(url, {}) == (303, "https://callsheet.test/again")
    assert not api.accounts.retrieve(newcomer).details_submitted


def test_a_form_takes_no_bank_it_does_not_know(
    newcomer: str, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    assert sim.visit(linked(api, newcomer), {"external_account": "btok_mars"})[0] == 400
    assert not api.accounts.retrieve(newcomer).details_submitted
    assert sim.visit(f"https://connect.stripe.com/setup/e/{newcomer}/nothing", {})[0] == 404
    assert sim.visit("https://connect.stripe.com/setup/e/acct_nobody/nothing")[0] == 404


def test_the_event_says_whose_account_it_is(newcomer: str, sim: SimulatedStripe) -> None:
    sim.onboard(newcomer)
    *_, (payload, _headers) = sim.deliveries()
    event = json.loads(payload)
    assert (event["type"], event["account"], event["data"]["object"]["id"]) == (
        "account.updated",
        newcomer,
        newcomer,
    )
    assert event["data"]["previous_attributes"]["payouts_enabled"] is False


def test_a_custom_account_is_told_about_through_the_api(api: stripe.V1Services) -> None:
    custom = api.accounts.create({"type": "custom", "capabilities": {"transfers": {"requested": True}}})
    told = api.accounts.update(
        custom.id,
        {
            "business_type": "individual",
            "business_profile": {"mcc": "7333", "url": "https://callsheet.test"},
            "individual": {
                "first_name": "Pavel",
                "last_name": "P",
                "email": "p@callsheet.test",
                "phone": "+15550100",
                "dob": {"day": 1, "month": 1, "year": 1901},
                "address": {"city": "New York", "line1": "address_full_match", "postal_code": "10001"},
            },
            "tos_acceptance": {"date": 1_700_000_000, "ip": "127.0.0.1"},
        },
    )
    assert due_of(told).currently_due == ["external_account"]
    assert told.details_submitted
    assert not told.payouts_enabled
    bank = {
        "object": "bank_account",
        "account_number": "000123456789",
        "country": "US",
        "routing_number": "110000000",
    }
    done = api.accounts.update(custom.id, {"external_account": bank})  # type: ignore[arg-type]
    assert done.payouts_enabled
    assert transfers_of(done) == "active"
    (external,) = api.accounts.external_accounts.list(custom.id).data
    assert external.last4 == "6789"


def test_terms_are_accepted_where_requirements_are_collected(newcomer: str, api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.accounts.update(newcomer, {"tos_acceptance": {"date": 1, "ip": "127.0.0.1"}})
    assert refusal.value.param == "tos_acceptance"
    assert "tos_acceptance.date" in (due_of(api.accounts.retrieve(newcomer)).currently_due or [])


def test_stripe_asks_for_more_until_a_time(
    account: str, clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    by = clock() + timedelta(days=14)
    document = "individual.verification.document"
    sim.control("POST", f"/_sim/accounts/{account}", {"require": [document], "by": by.isoformat()})
    asked = api.accounts.retrieve(account)
    assert (due_of(asked).currently_due, due_of(asked).past_due) == ([document], [])
    assert due_of(asked).current_deadline == int(by.timestamp())
    assert due_of(asked).disabled_reason is None
    assert asked.payouts_enabled
    sim.event_types()
    clock.advance(days=14)
    late = api.accounts.retrieve(account)
    assert sim.event_types() == ["account.updated"]
    assert (due_of(late).past_due, due_of(late).disabled_reason) == ([document], "requirements.past_due")
    assert not late.payouts_enabled
    sim.onboard(account)
    assert api.accounts.retrieve(account).payouts_enabled


def test_stripe_restricts_an_account_and_lifts_that(
    account: str, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    path = f"/_sim/accounts/{account}"
    sim.control("POST", path, {"disabled_reason": "rejected.fraud"})
    assert sim.event_types() == ["account.updated"]
    stopped = api.accounts.retrieve(account)
    assert (stopped.payouts_enabled, due_of(stopped).disabled_reason) == (False, "rejected.fraud")
    assert transfers_of(stopped) == "inactive"
    sim.control("POST", path, {"lift": True})
    assert api.accounts.retrieve(account).payouts_enabled
    sim.control("POST", path, {"payouts_enabled": False})
    paused = api.accounts.retrieve(account)
    assert (paused.payouts_enabled, paused.charges_enabled) == (False, True)
    sim.control("POST", path, {"lift": True, "verify": ["individual.id_number"]})
    checked = due_of(api.accounts.retrieve(account))
    assert checked.pending_verification == ["individual.id_number"]
    assert checked.disabled_reason == "requirements.pending_verification"


def test_a_dashboard_is_for_those_who_are_onboarded(
    newcomer: str, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.accounts.login_links.create(newcomer)
    sim.onboard(newcomer)
    url = api.accounts.login_links.create(newcomer).url
    assert url.startswith("https://connect.stripe.com/express/")
    assert sim.visit(url) == (200, "")


def test_only_who_collects_requirements_links_to_an_update(account: str, api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.account_links.create(
            {
                "account": account,
                "refresh_url": "https://callsheet.test/again",
                "return_url": "https://callsheet.test/done",
                "type": "account_update",
            }
        )
    assert refusal.value.param == "type"


def test_a_new_bank_account_takes_the_place_of_the_old(account: str, api: stripe.V1Services) -> None:
    (old,) = api.accounts.external_accounts.list(account).data
    new = api.accounts.external_accounts.create(
        account, {"external_account": "tok_visa_debit_us_transferSuccess", "default_for_currency": True}
    )
    with pytest.raises(stripe.InvalidRequestError):
        api.accounts.external_accounts.delete(account, new.id)
    api.accounts.external_accounts.delete(account, old.id)
    assert [one.id for one in api.accounts.external_accounts.list(account).data] == [new.id]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.accounts.external_accounts.create(account, {"external_account": "btok_mars"})
    assert refusal.value.code == "resource_missing"


def test_an_account_is_closed(account: str, api: stripe.V1Services) -> None:
    assert api.accounts.delete(account).deleted
    with pytest.raises(stripe.PermissionError) as refusal:
        api.accounts.retrieve(account)
    assert refusal.value.error is not None
    assert refusal.value.error.code == "account_invalid"
