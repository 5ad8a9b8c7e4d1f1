"""What Stripe refuses, the simulator refuses, in the same words."""

import base64
import json

import pytest
import stripe

from local.stripe_sim.schemas import fields_of
from local.stripe_sim.simulator import Simulator
from tests.functional.stripe_sim.payments import order
from tests.support.stripe import SimulatedStripe

_KEY = {"Authorization": "Bearer sk_test_callsheet"}


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        ({"colour": "red"}, "parameter_unknown", "colour"),
        (
            {"shipping": {"name": "x", "address": {"planet": "y"}}},
            "parameter_unknown",
            "shipping[address][planet]",
        ),
        ({"amount": "ten"}, "parameter_invalid_integer", "amount"),
        ({"amount": 10.5}, "parameter_invalid_integer", "amount"),
        ({"currency": ""}, "parameter_invalid_empty", "currency"),
        ({"confirm": "yes"}, None, "confirm"),
        ({"capture_method": "later"}, None, "capture_method"),
        ({"metadata": "x"}, None, "metadata"),
        ({"metadata": {"k" * 41: "x"}}, None, f"metadata[{'k' * 41}]"),
        ({"metadata": {"k": "x" * 501}}, None, "metadata[k]"),
        ({"metadata": {f"k{number}": "x" for number in range(51)}}, None, "metadata"),
        ({"allowed_payment_method_types": "card"}, None, "allowed_payment_method_types"),
        ({"customer": "cus_nobody"}, "resource_missing", "customer"),
        ({"application_fee_amount": 5}, "simulator_unsupported", "application_fee_amount"),
    ],
)
def test_a_wrong_parameter_is_named(
    wrong: dict[str, object], code: str | None, param: str, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.payment_intents.create(order("pm_card_visa", **wrong))
    assert (refusal.value.http_status, refusal.value.code, refusal.value.param) == (400, code, param)
    assert refusal.value.request_id is not None
    assert refusal.value.request_id.startswith("req_")
    assert sim.simulator.world.kept("payment_intent") == {}


def test_a_missing_parameter_is_named(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.payment_intents.create({"amount": 100})  # type: ignore[typeddict-item]  # that is the point
    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", "currency")


def test_what_is_not_there_is_missing(api: stripe.V1Services) -> None:
    for ask in (
        api.payment_intents.retrieve,
        api.charges.retrieve,
        api.customers.retrieve,
        api.refunds.retrieve,
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            ask("nothing_1")
        assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer sk_test_other"}, {"Authorization": "Basic !"}]
)
def test_nobody_gets_in_without_the_key(headers: dict[str, str]) -> None:
    status, _, body = Simulator().handle("GET", "/v1/balance", headers, b"")
    assert status == 401
    assert json.loads(body)["error"]["type"] == "invalid_request_error"
    assert "sk_test_other" not in body.decode()


def test_the_key_may_come_as_a_user_name() -> None:
    basic = base64.b64encode(b"sk_test_callsheet:").decode()
    assert Simulator().handle("GET", "/v1/balance", {"Authorization": f"Basic {basic}"}, b"")[0] == 200


def test_only_accounts_of_the_platform_are_spoken_for(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    with pytest.raises(stripe.PermissionError) as refusal:
        api.balance.retrieve({}, {"stripe_account": "acct_1"})
    assert refusal.value.error is not None
    assert (refusal.value.http_status, refusal.value.error.code) == (403, "account_invalid")
    account = api.accounts.create({"type": "express"}).id
    with pytest.raises(stripe.InvalidRequestError) as unsupported:
        api.customers.create({}, {"stripe_account": account})
    assert unsupported.value.code == "simulator_unsupported"
    assert sim.simulator.world.kept("customer") == {}


def test_a_wrong_key_is_an_authentication_error_to_the_sdk(sim: SimulatedStripe) -> None:
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("sk_test_other", http_client=sim).v1.balance.retrieve()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/moon", b"", 404),
        ("PUT", "/v1/customers", b"", 404),
        ("POST", "/v1/customers", b"\xff\xfe", 400),
        ("POST", "/v1/customers", b"metadata", 400),
        ("POST", "/v1/customers", b"email=a&email=b", 400),
        ("POST", "/v1/customers", b"metadata=a&metadata[b]=c", 400),
        ("POST", "/v1/customers", b"metadata[b=c", 400),
        ("POST", "/v1/customers", b"email=" + b"a" * 6_000, 400),
        ("POST", "/v1/customers", b"email=" + b"a" * 2_000_000, 413),
        ("GET", "/v1/customers?limit=0", b"", 400),
        ("GET", "/v1/customers?limit=101", b"", 400),
    ],
)
def test_what_is_no_request_is_refused(method: str, path: str, body: bytes, status: int) -> None:
    answered, headers, content = Simulator().handle(method, path, _KEY, body)
    assert answered == status
    assert json.loads(content)["error"]["message"]
    assert headers["Request-Id"].startswith("req_")


def test_every_call_of_the_table_has_params_that_can_be_read(sim: SimulatedStripe) -> None:
    from local.stripe_sim.resources import ROUTES

    for route in ROUTES:
        unknown = route.does - set(fields_of(route.params).schemas)
        assert unknown == set(), route.path


def test_the_log_shows_each_request(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    api.payment_intents.create(order(None, metadata={"subject": "bkg_1"}), {"idempotency_key": "k"})
    (request,) = sim.requests
    assert (request["method"], request["path"], request["status"]) == ("POST", "/v1/payment_intents", 200)
    assert request["idempotency_key"] == "k"
    assert request["params"] == {
        "amount": "10000",
        "currency": "usd",
        "capture_method": "manual",
        "allowed_payment_method_types": ["card"],
        "expand": ["latest_charge"],
        "metadata": {"subject": "bkg_1"},
    }
    assert isinstance(request["response"], dict)
    assert request["response"]["object"] == "payment_intent"
