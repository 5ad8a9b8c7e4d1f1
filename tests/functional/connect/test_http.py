"""The handlers, over the real SDK and the simulator beneath it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
import stripe

from callsheet.connect.store import stored_account
from callsheet.platform.records import EventItem
from functions.connect import check_account
from functions.payments import apply_stripe_event
from tests.functional.connect.conftest import URLS
from tests.functional.payments.webhooks import as_record
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.stripe import SimulatedStripe

DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}
PATH = "/v1/payout-account"


@dataclass(frozen=True, slots=True)
class Office:
    """The API, and the Stripe beneath it."""

    stripe: SimulatedStripe
    api: Gateway
    pavel: Caller

    def start(self, user: Caller | None = None, key: str | None = None, **changes: object) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        body = {"country": "US", **URLS, **changes}
        return self.api.call("POST", PATH, body=body, user=user or self.pavel, headers=headers)

    def get(self, user: Caller | None = None) -> Answer:
        return self.api.call("GET", PATH, user=user or self.pavel)

    def link(self, **body: object) -> Answer:
        return self.api.call("POST", f"{PATH}/links", body=body, user=self.pavel)

    def fill_in(self, started: Answer) -> None:
        """What the account's owner does at the form."""
        link = started.json()["link"]
        assert isinstance(link, dict)
        self.stripe.simulator.handle("POST", urlsplit(str(link["url"])).path, {}, b"")

    def account_id(self) -> str:
        stored = stored_account(self.pavel.user_id)
        assert stored is not None
        assert stored.document.account_id is not None
        return stored.document.account_id

    def control(self, **changes: object) -> None:
        self.stripe.control("POST", f"/_sim/accounts/{self.account_id()}", dict(changes))  # type: ignore[arg-type]  # JSON


@pytest.fixture
def office(tables: None) -> Iterator[Office]:
    simulated = SimulatedStripe()
    with patch.object(stripe, "default_http_client", simulated):
        yield Office(simulated, Gateway(), Caller(groups=("provider",)))


def test_a_provider_gets_an_account_and_a_form(office: Office) -> None:
    answer = office.start()
    assert answer.status == 200, answer.body
    account, link = answer.json()["account"], answer.json()["link"]
    assert isinstance(account, dict)
    assert isinstance(link, dict)
    assert (account["country"], account["default_currency"]) == ("US", "USD")
    assert str(link["url"]).startswith("https://connect.stripe.com/setup/")
    assert "acct_" not in str(account)
    (asked, _) = office.stripe.requests
    assert asked["idempotency_key"] == f"account/{office.pavel.user_id}"


def test_what_is_answered_is_what_is_found_afterwards(office: Office) -> None:
    started = office.start().json()["account"]
    assert office.get().json() == started


def test_studio_owners_are_paid_too_and_nobody_else_is(office: Office) -> None:
    assert office.start(Caller(groups=("studio_owner",))).status == 200
    before = len(office.stripe.requests)
    for groups in ((), ("client",), ("fan",), ("admin",)):
        stranger = Caller(groups=groups)
        assert office.start(stranger).status == 403
        assert office.get(stranger).status == 403
        assert stored_account(stranger.user_id) is None
    assert len(office.stripe.requests) == before


def test_nobody_sees_an_account_but_its_owner(office: Office) -> None:
    office.start()
    answer = office.get(Caller(groups=("provider",)))
    assert (answer.status, answer.json()["code"]) == (404, "payout_account_not_found")


def test_the_same_key_with_another_body_is_refused(office: Office) -> None:
    assert office.start(key="k-1").status == 200
    assert office.start(key="k-1").status == 200
    answer = office.start(key="k-1", country="DE")
    assert (answer.status, answer.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"return_url": "https://evil.example/"}, "return_url_not_allowed"),
        ({"refresh_url": "https://app.callsheet.test@evil.example/"}, "return_url_not_allowed"),
        ({"return_url": "javascript:alert(1)"}, "invalid_request"),
        ({"country": "usa"}, "invalid_request"),
        ({"country": None}, "invalid_request"),
        ({"more": 1}, "invalid_request"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_changes(
    office: Office, changes: dict[str, object], code: str
) -> None:
    answer = office.start(None, None, **changes)
    assert (answer.status, answer.json()["code"]) == (400, code)
    assert stored_account(office.pavel.user_id) is None
    assert office.stripe.requests == []


def test_another_country_is_a_conflict(office: Office) -> None:
    office.start()
    answer = office.start(country="DE")
    assert (answer.status, answer.json()["code"]) == (409, "payout_country_fixed")


@pytest.mark.parametrize("kind", ["timeout", "applied_then_timeout", "error"])
def test_while_stripe_does_not_answer_one_is_asked_to_come_back_and_there_is_one_account(
    office: Office, kind: str
) -> None:
    office.stripe.fail("/v1/accounts", kind, times=2)
    answer = office.start()
    assert (answer.status, answer.json()["code"]) == (503, "payments_unavailable")
    assert office.start().status == 200
    made = office.stripe.client().v1.accounts.list()
    assert [account.id for account in made.data] == [office.account_id()]


def test_links_lead_to_the_form_and_to_the_dashboard(office: Office) -> None:
    office.fill_in(office.start())
    heard(office, "evt_1")
    form = office.link(purpose="update", **URLS)
    assert (form.status, form.json()["expires_at"] is None) == (201, False)
    assert office.link(purpose="dashboard").status == 201
    assert office.link(purpose="dashboard", **URLS).status == 400
    assert office.link().status == 400
    assert office.link(return_url="https://evil.example/", refresh_url=URLS["refresh_url"]).status == 400


def test_a_restriction_arrives_by_its_webhook(office: Office) -> None:
    office.fill_in(office.start())
    heard(office, "evt_1")
    assert office.get().json()["status"] == "active"
    office.control(payouts_enabled=False, disabled_reason="requirements.past_due")
    heard(office, "evt_2")
    account = office.get().json()
    assert (account["status"], account["can_be_paid"]) == ("restricted", False)
    assert account["reason"] == "requirements_due"
    names = [item.document.name for item in EventItem.query(office.pavel.user_id)]
    assert names == ["payout_account.enabled", "payout_account.restricted"]


def test_a_look_that_is_due_finds_what_no_webhook_told(office: Office) -> None:
    office.fill_in(office.start())
    stored = stored_account(office.pavel.user_id)
    assert stored is not None
    due_at = stored.document.check_at or datetime.now(UTC)
    detail: dict[str, object] = {
        "kind": "account.check",
        "subject": office.pavel.user_id,
        "due_at": due_at.isoformat(),
    }
    message = as_record({"id": "bus-1", "detail-type": "due.account.check", "detail": detail})
    for _ in range(2):
        assert check_account.handler(message, None) == DONE
        assert office.get().json()["status"] == "active"


def heard(office: Office, event_id: str) -> None:
    """The queue brings what the webhook said: which account, no more."""
    payload = {"type": "account.updated", "account_id": office.account_id()}
    detail: dict[str, object] = {"event_id": event_id, "payload": payload}
    message = as_record({"id": event_id, "detail-type": "stripe.account.updated", "detail": detail})
    assert apply_stripe_event.handler(message, None) == DONE
