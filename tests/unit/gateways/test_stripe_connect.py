"""What is asked of Stripe Connect, and what its answers mean, over the real SDK and a canned wire."""

from datetime import UTC, datetime

import pytest
import stripe

from callsheet.gateways.connect import (
    AccountGone,
    AccountOrder,
    AccountRefused,
    ConnectedAccount,
    LinkPurpose,
)
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.stripe_connect import StripeConnect
from tests.unit.gateways.canned import Canned, CannedStripe, Json, an_error, ok

ORDER = AccountOrder(key="account/usr_1", user_id="usr_1", country="DE")
SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
AWAY = stripe.APIConnectionError("nobody there", should_retry=True)  # type: ignore[no-untyped-call]  # the SDK's own
REPLAYED = an_error(500, "api_error", {"idempotent-replayed": "true", "stripe-should-retry": "false"})
URLS = ("https://app.test/done", "https://app.test/again")


def over(*answers: Canned | Exception) -> tuple[StripeConnect, CannedStripe]:
    wire = CannedStripe(*answers)
    return StripeConnect(wire), wire


def an_account(account_id: str = "acct_1", **changes: object) -> Json:
    return {
        "id": account_id,
        "object": "account",
        "country": "DE",
        "default_currency": "eur",
        "capabilities": {"transfers": "inactive"},
        "payouts_enabled": False,
        "details_submitted": False,
        "metadata": {"user_id": "usr_1", "account_key": "account/usr_1"},
        "requirements": {
            "currently_due": ["external_account"],
            "past_due": [],
            "pending_verification": [],
            "disabled_reason": None,
            "current_deadline": 1_772_900_000,
        },
        **changes,
    }


def a_list(*accounts: Json, has_more: bool = False) -> Canned:
    return ok({"object": "list", "data": list(accounts), "has_more": has_more, "url": "/v1/accounts"})


def test_an_account_is_asked_for_under_the_user_s_key_with_stripe_s_own_forms_and_dashboard() -> None:
    connect, wire = over(ok(an_account()))
    account = connect.create_account(ORDER)
    (sent,) = wire.sent
    assert (sent.method, sent.path, sent.key) == ("POST", "/v1/accounts", "account/usr_1")
    assert sent.params == {
        "country": "DE",
        "controller[fees][payer]": "application",
        "controller[losses][payments]": "application",
        "controller[requirement_collection]": "stripe",
        "controller[stripe_dashboard][type]": "express",
        "capabilities[transfers][requested]": "true",
        "metadata[user_id]": "usr_1",
        "metadata[account_key]": "account/usr_1",
    }
    assert account == ConnectedAccount(
        id="acct_1",
        country="DE",
        default_currency="EUR",
        currently_due=("external_account",),
        deadline=datetime.fromtimestamp(1_772_900_000, UTC),
    )


def test_an_account_takes_transfers_once_the_capability_is_active() -> None:
    seen = an_account(capabilities={"transfers": "active"}, payouts_enabled=True, details_submitted=True)
    connect, _ = over(ok(seen), ok(an_account(capabilities={"transfers": "pending"})))
    assert connect.account("acct_1").transfers_enabled
    assert not connect.account("acct_1").transfers_enabled


def test_an_account_without_capabilities_and_requirements_is_read() -> None:
    connect, _ = over(ok(an_account(capabilities={}, requirements=None, default_currency=None)))
    account = connect.account("acct_1")
    assert (account.transfers_enabled, account.currently_due, account.default_currency) == (False, (), None)


@pytest.mark.parametrize(
    "refusal",
    [
        an_error(400, "invalid_request_error", param="country"),
        an_error(400, "invalid_request_error", code="country_unsupported"),
    ],
)
def test_a_country_that_stripe_refuses_is_a_refusal_and_no_outage(refusal: Canned) -> None:
    connect, _ = over(refusal)
    with pytest.raises(AccountRefused):
        connect.create_account(ORDER)


def test_a_request_that_is_wrong_is_ours_to_mend() -> None:
    connect, _ = over(an_error(400, "invalid_request_error", param="controller"))
    with pytest.raises(stripe.InvalidRequestError):
        connect.create_account(ORDER)


def test_no_answer_says_nothing_of_the_outcome_and_the_key_is_the_same_each_time() -> None:
    connect, wire = over(AWAY, AWAY)
    with pytest.raises(PaymentsUnavailable):
        connect.create_account(ORDER)
    assert {sent.key for sent in wire.sent} == {"account/usr_1"}


def test_behind_a_failure_that_stripe_keeps_the_account_is_looked_for_before_another_is_made() -> None:
    connect, wire = over(REPLAYED, a_list(an_account()))
    assert connect.create_account(ORDER).id == "acct_1"
    connect, wire = over(REPLAYED, a_list(an_account(metadata={})), ok(an_account("acct_2")))
    assert connect.create_account(ORDER).id == "acct_2"
    assert [sent.key for sent in wire.sent if sent.method == "POST"] == [
        "account/usr_1",
        "account/usr_1/again",
    ]


def test_a_lost_account_is_looked_for_among_all_that_were_made_in_that_time() -> None:
    others = an_account("acct_9", metadata={"account_key": "account/usr_9"})
    connect, wire = over(a_list(others, has_more=True), a_list(an_account()))
    found = connect.find_account(ORDER, SINCE, UNTIL)
    assert found is not None
    assert found.id == "acct_1"
    assert [sent.params.get("starting_after") for sent in wire.sent] == [None, "acct_9"]
    for sent in wire.sent:
        assert sent.params["created[gte]"] == str(int(SINCE.timestamp()))
        assert sent.params["created[lte]"] == str(int(UNTIL.timestamp()))


def test_an_account_that_was_never_made_is_not_found() -> None:
    connect, _ = over(a_list())
    assert connect.find_account(ORDER, SINCE, UNTIL) is None


@pytest.mark.parametrize(
    "gone",
    [
        an_error(403, "invalid_request_error", code="account_invalid"),
        an_error(404, "invalid_request_error", code="resource_missing"),
    ],
)
def test_an_account_that_stripe_knows_no_longer_is_gone(gone: Canned) -> None:
    connect, _ = over(gone, gone, gone)
    with pytest.raises(AccountGone):
        connect.account("acct_1")
    with pytest.raises(AccountGone):
        connect.form_link("acct_1", LinkPurpose.ONBOARDING, *URLS)
    with pytest.raises(AccountGone):
        connect.dashboard_link("acct_1")


def test_a_key_that_may_not_look_is_not_taken_for_an_account_that_is_gone() -> None:
    connect, _ = over(an_error(403, "invalid_request_error", code="more_permissions_required"))
    with pytest.raises(stripe.PermissionError):
        connect.account("acct_1")


@pytest.mark.parametrize("purpose", [LinkPurpose.ONBOARDING, LinkPurpose.UPDATE])
def test_a_form_leads_back_to_where_its_owner_came_from(purpose: LinkPurpose) -> None:
    connect, wire = over(
        ok({"object": "account_link", "url": "https://s.test/f", "expires_at": 1_772_900_000})
    )
    link = connect.form_link("acct_1", purpose, *URLS)
    (sent,) = wire.sent
    assert (sent.method, sent.path) == ("POST", "/v1/account_links")
    fields = {"collection_options[fields]": "eventually_due"} if purpose is LinkPurpose.UPDATE else {}
    assert sent.params == {
        "account": "acct_1",
        "type": "account_onboarding",
        "return_url": URLS[0],
        "refresh_url": URLS[1],
        **fields,
    }
    assert (link.url, link.expires_at) == ("https://s.test/f", datetime.fromtimestamp(1_772_900_000, UTC))


def test_the_dashboard_has_a_login_link() -> None:
    connect, wire = over(ok({"object": "login_link", "url": "https://s.test/d"}))
    assert connect.dashboard_link("acct_1").url == "https://s.test/d"
    assert wire.sent[0].path == "/v1/accounts/acct_1/login_links"
