"""Payouts over HTTP and from the queue, as the Lambdas run, over the real SDK and the simulator beneath it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
import stripe

from callsheet.kernel.principal import Principal
from callsheet.payments.stripe_events import StripeEvent, concern_of
from callsheet.platform.clock import clock
from callsheet.transfers.payout_store import payouts_of
from functions.payments import apply_stripe_event
from functions.transfers import check_payouts
from tests.functional.payments.webhooks import as_record
from tests.functional.stripe_sim.payments import captured
from tests.support.gateway import Answer, Caller, Gateway
from tests.support.payouts import onboarded
from tests.support.stripe import SimulatedStripe

DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}
PATH = "/v1/payouts/instant"


@dataclass(frozen=True, slots=True)
class Bank:
    """The API, the Stripe beneath it, and a provider with 80.00 on an account whose card takes money at once."""

    stripe: SimulatedStripe
    api: Gateway
    pavel: Caller
    account_id: str

    def pay(self, key: str, **body: object) -> Answer:
        return self.api.call("POST", PATH, body=body, user=self.pavel, headers={"Idempotency-Key": key})

    def hear(self) -> None:
        for payload, _ in self.stripe.deliveries():
            event = StripeEvent.model_validate_json(payload)
            concern = concern_of(event)
            if concern.is_ours:
                detail = {
                    "event_id": event.id,
                    "correlation_id": "c-1",
                    "payload": concern.model_dump(mode="json"),
                }
                message = {"id": event.id, "detail-type": f"stripe.{event.type}", "detail": detail}
                assert apply_stripe_event.handler(as_record(message), None) == DONE


@pytest.fixture
def bank(tables: None) -> Iterator[Bank]:
    simulated = SimulatedStripe()
    api = simulated.client().v1
    account_id = api.accounts.create(
        {"type": "express", "country": "US", "capabilities": {"transfers": {"requested": True}}}
    ).id
    simulated.onboard(account_id)
    api.accounts.external_accounts.create(
        account_id, {"external_account": "tok_visa_debit_us_transferSuccess", "default_for_currency": True}
    )
    captured(api, "pm_card_bypassPending")
    api.transfers.create({"amount": 8_000, "currency": "usd", "destination": account_id})
    pavel = Caller(groups=("provider",))
    onboarded(Principal(pavel.user_id), clock(), account_id)
    simulated.event_types()
    with patch.object(stripe, "default_http_client", simulated):
        yield Bank(simulated, Gateway(), pavel, account_id)


def test_a_provider_is_quoted_and_paid_once_and_sees_it_arrive(bank: Bank) -> None:
    quote = bank.api.call("GET", PATH, user=bank.pavel)
    assert quote.status == 200, quote.body
    assert quote.json()["amount"] == {
        "amount_minor": 7_920,
        "currency": "USD",
    }  # net of the simulator's own fee
    amount = {"amount_minor": 5_000, "currency": "USD"}
    first, again = bank.pay("k-1", amount=amount), bank.pay("k-1", amount=amount)
    assert first.status == again.status == 200, first.body
    assert first.json() == again.json()
    assert first.json()["fee"] == {"amount_minor": 50, "currency": "USD"}
    (made,) = bank.stripe.simulator.world.of(bank.account_id).kept("payout").values()
    bank.stripe.control("POST", f"/_sim/payouts/{made['id']}", {"outcome": "paid"})
    bank.hear()
    items = bank.api.call("GET", "/v1/payouts", user=bank.pavel).json()["items"]
    assert isinstance(items, list)
    (listed,) = items
    assert (listed["status"], listed["method"]) == ("paid", "instant")
    owing = bank.pay("k-2", amount=amount)
    assert (owing.status, owing.json()["code"]) == (409, "instant_payout_owing")


def test_a_bank_that_sends_money_back_is_heard_of(bank: Bank) -> None:
    bank.pay("k-1")
    (made,) = bank.stripe.simulator.world.of(bank.account_id).kept("payout").values()
    bank.stripe.control(
        "POST", f"/_sim/payouts/{made['id']}", {"outcome": "failed", "failure_code": "account_closed"}
    )
    bank.hear()
    ((payout,), _) = payouts_of(bank.pavel.user_id, 20)
    assert (payout.status, payout.failure) == ("failed", "account_closed")


def test_nobody_but_providers_asks_and_amounts_are_more_than_nothing(bank: Bank) -> None:
    client = Caller(groups=("client",))
    assert bank.api.call("GET", "/v1/payouts", user=client).status == 403
    assert bank.api.call("GET", PATH, user=client).status == 403
    nothing = bank.pay("k-1", amount={"amount_minor": 0, "currency": "USD"})
    assert nothing.status in {400, 422}
    assert bank.stripe.simulator.world.of(bank.account_id).kept("payout") == {}


def test_a_look_where_nothing_is_on_its_way_is_done_with(bank: Bank) -> None:
    due_at = datetime.now(UTC).isoformat()
    detail = {"kind": "payout.check", "subject": bank.pavel.user_id, "due_at": due_at}
    message = {"id": "1", "detail-type": "due.payout.check", "detail": detail}
    assert check_payouts.handler(as_record(message), None) == DONE
