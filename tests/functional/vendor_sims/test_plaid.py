"""Plaid's wire format, as its own SDK reads it: that refuses a field of the wrong type or an enum it does not know."""

import hashlib
import json
from datetime import date
from typing import Any

import jwt
import plaid
import pytest
from plaid.api.plaid_api import PlaidApi
from plaid.model.country_code import CountryCode
from plaid.model.identity_verification_create_request import IdentityVerificationCreateRequest
from plaid.model.identity_verification_create_request_user import IdentityVerificationCreateRequestUser
from plaid.model.identity_verification_get_request import IdentityVerificationGetRequest
from plaid.model.identity_verification_list_request import IdentityVerificationListRequest
from plaid.model.identity_verification_retry_request import IdentityVerificationRetryRequest
from plaid.model.link_token_create_request import LinkTokenCreateRequest
from plaid.model.link_token_create_request_identity_verification import (
    LinkTokenCreateRequestIdentityVerification,
)
from plaid.model.link_token_create_request_user import LinkTokenCreateRequestUser
from plaid.model.products import Products
from plaid.model.strategy import Strategy
from plaid.model.webhook_verification_key_get_request import WebhookVerificationKeyGetRequest

from tests.functional.vendor_sims.conftest import Vendors

_TEMPLATE = "idvtmp_callsheet"


def _created(identity: PlaidApi, user_id: str = "usr_1", **more: object) -> Any:
    person = IdentityVerificationCreateRequestUser(
        date_of_birth=date(1990, 5, 29), email_address="a@b.example"
    )
    return identity.identity_verification_create(
        IdentityVerificationCreateRequest(
            is_shareable=True,
            template_id=_TEMPLATE,
            gave_consent=True,
            client_user_id=user_id,
            user=person,
            **more,
        )
    )


def _got(identity: PlaidApi, verification_id: str) -> Any:
    return identity.identity_verification_get(
        IdentityVerificationGetRequest(identity_verification_id=verification_id)
    )


def _listed(identity: PlaidApi, **more: object) -> Any:
    return identity.identity_verification_list(IdentityVerificationListRequest(template_id=_TEMPLATE, **more))


def _refused(error: "pytest.ExceptionInfo[plaid.ApiException]") -> tuple[int, str, str]:
    body = json.loads(error.value.body)
    assert {"error_type", "error_code", "error_message", "display_message", "request_id"} <= set(body)
    return error.value.status, body["error_type"], body["error_code"]


def test_a_verification_waits_for_the_person(identity: PlaidApi) -> None:
    made = _created(identity)
    assert (made.status.value, made.completed_at, made.user.date_of_birth) == (
        "active",
        None,
        date(1990, 5, 29),
    )
    assert made.shareable_url.startswith("https://")
    assert made.steps.accept_tos.value == "active"
    assert _got(identity, made.id).id == made.id


@pytest.mark.parametrize("status", ["success", "failed", "pending_review", "expired", "canceled"])
def test_a_verification_ends_and_plaid_says_so(vendors: Vendors, identity: PlaidApi, status: str) -> None:
    made = _created(identity)
    vendors.deliveries()
    vendors.control(f"plaid/identity_verifications/{made.id}", {"status": status})
    (delivery,) = vendors.deliveries()
    assert json.loads(delivery.payload) == {
        "environment": "sandbox",
        "identity_verification_id": made.id,
        "webhook_code": "STATUS_UPDATED",
        "webhook_type": "IDENTITY_VERIFICATION",
    }
    found = _got(identity, made.id)
    assert found.status.value == status
    assert (found.completed_at is not None) == (status in {"success", "failed"})


def test_what_the_person_enters_comes_back(vendors: Vendors, identity: PlaidApi) -> None:
    made = _created(identity)
    vendors.control(
        f"plaid/identity_verifications/{made.id}", {"status": "success", "date_of_birth": "2010-02-03"}
    )
    found = _got(identity, made.id)
    assert (found.user.date_of_birth, found.user.email_address) == (date(2010, 2, 3), "a@b.example")
    assert found.kyc_check.date_of_birth.summary.value == "match"


def test_what_has_expired_does_not_succeed(vendors: Vendors, identity: PlaidApi) -> None:
    made = _created(identity)
    path = f"/_sim/plaid/identity_verifications/{made.id}"
    vendors.simulator.handle("POST", path, {}, b'{"status": "expired"}')
    vendors.deliveries()
    assert vendors.simulator.handle("POST", path, {}, b'{"status": "success"}')[0] == 400
    assert vendors.deliveries() == []
    assert _got(identity, made.id).status.value == "expired"


def test_webhooks_are_signed_over_the_very_bytes(vendors: Vendors, identity: PlaidApi) -> None:
    _created(identity)
    (delivery,) = vendors.deliveries()
    token = delivery.headers()["Plaid-Verification"]
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "ES256"
    key = identity.webhook_verification_key_get(WebhookVerificationKeyGetRequest(key_id=header["kid"])).key
    claims = jwt.decode(token, jwt.PyJWK(key.to_dict()), algorithms=["ES256"], options={"verify_iat": False})
    assert claims["request_body_sha256"] == hashlib.sha256(delivery.payload).hexdigest()
    assert claims["iat"] == vendors.simulator.now().timestamp()


def test_a_key_that_plaid_never_had(identity: PlaidApi) -> None:
    with pytest.raises(plaid.ApiException) as refused:
        identity.webhook_verification_key_get(WebhookVerificationKeyGetRequest(key_id="x"))
    assert _refused(refused) == (400, "INVALID_INPUT", "INVALID_WEBHOOK_VERIFICATION_KEY_ID")


def test_one_verification_a_person_unless_asked_for_the_same(identity: PlaidApi) -> None:
    made = _created(identity)
    with pytest.raises(plaid.ApiException) as refused:
        _created(identity)
    assert _refused(refused) == (400, "INVALID_REQUEST", "INVALID_FIELD")
    assert _created(identity, is_idempotent=True).id == made.id
    assert len(_listed(identity).identity_verifications) == 1


def test_a_retry_remembers_the_attempt_before(identity: PlaidApi, vendors: Vendors) -> None:
    made = _created(identity)
    vendors.control(f"plaid/identity_verifications/{made.id}", {"status": "failed"})
    again = identity.identity_verification_retry(
        IdentityVerificationRetryRequest(
            client_user_id="usr_1", template_id=_TEMPLATE, strategy=Strategy("reset")
        )
    )
    assert (again.status.value, again.previous_attempt_id) == ("active", made.id)
    assert again.user.date_of_birth == date(1990, 5, 29)


def test_verifications_come_in_pages_newest_first(identity: PlaidApi) -> None:
    ids = [_created(identity, user_id=f"usr_{number}").id for number in range(12)]
    first = _listed(identity)
    second = _listed(identity, cursor=first.next_cursor)
    assert [one.id for one in (*first.identity_verifications, *second.identity_verifications)] == ids[::-1]
    assert second.next_cursor is None
    assert [one.id for one in _listed(identity, client_user_id="usr_3").identity_verifications] == [ids[3]]


def test_a_link_token_leads_to_a_verification(vendors: Vendors, identity: PlaidApi) -> None:
    link = identity.link_token_create(
        LinkTokenCreateRequest(
            client_name="Callsheet",
            language="en",
            country_codes=[CountryCode("GB")],
            products=[Products("identity_verification")],
            user=LinkTokenCreateRequestUser(client_user_id="usr_1"),
            identity_verification=LinkTokenCreateRequestIdentityVerification(template_id=_TEMPLATE),
        )
    )
    assert link.link_token.startswith("link-sandbox-")
    assert _listed(identity).identity_verifications == []
    for _ in range(2):
        vendors.control("plaid/sessions", {"link_token": link.link_token})
    (begun,) = _listed(identity).identity_verifications
    assert (begun.client_user_id, begun.status.value) == ("usr_1", "active")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", (400, "INVALID_REQUEST", "INVALID_BODY")),
        (b"{}", (400, "INVALID_REQUEST", "MISSING_FIELDS")),
        (b'{"client_id": "x", "secret": "y"}', (400, "INVALID_INPUT", "INVALID_API_KEYS")),
    ],
)
def test_a_body_without_the_right_keys(vendors: Vendors, body: bytes, expected: tuple[int, str, str]) -> None:
    status, _, content = vendors.simulator.handle(
        "POST", "/plaid/identity_verification/list", {"Content-Type": "application/json"}, body
    )
    answer = json.loads(content)
    assert (status, answer["error_type"], answer["error_code"]) == expected


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"is_shareable": True}, "MISSING_FIELDS"),
        ({"is_shareable": True, "template_id": "t"}, "MISSING_FIELDS"),
        ({"is_shareable": True, "template_id": "t", "client_user_id": "u", "x": 1}, "UNKNOWN_FIELDS"),
        ({"is_shareable": "yes", "template_id": "t", "client_user_id": "u"}, "INVALID_FIELD"),
        (
            {
                "is_shareable": True,
                "template_id": "t",
                "client_user_id": "u",
                "user": {"date_of_birth": "29.5.1990"},
            },
            "INVALID_FIELD",
        ),
    ],
)
def test_a_request_that_makes_no_sense(
    vendors: Vendors, identity: PlaidApi, body: dict[str, object], code: str
) -> None:
    headers = {
        "PLAID-CLIENT-ID": "ca115ee7ca115ee7ca115ee7",
        "PLAID-SECRET": "0123456789abcdef0123456789abcd",
        "Content-Type": "application/json",
    }
    status, _, content = vendors.simulator.handle(
        "POST", "/plaid/identity_verification/create", headers, json.dumps(body).encode()
    )
    assert (status, json.loads(content)["error_code"]) == (400, code)
    assert (
        identity.identity_verification_list(IdentityVerificationListRequest(template_id="t"))[
            "identity_verifications"
        ]
        == []
    )


def test_a_verification_that_there_is_not(identity: PlaidApi) -> None:
    with pytest.raises(plaid.ApiException) as refused:
        _got(identity, "idv_none")
    assert _refused(refused) == (404, "INVALID_REQUEST", "NOT_FOUND")
