"""A signature is Stripe's, of these bytes, and young; our check and the SDK's agree."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from callsheet.gateways.errors import InvalidSignature
from callsheet.gateways.stripe_signature import sign, verify_signature

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_test"
BODY = '{"id":"evt_1","type":"x","name":"Zoë"}'.encode()


def is_accepted(header: str | None, body: bytes = BODY, secret: str = SECRET, now: datetime = NOW) -> bool:
    try:
        verify_signature(body, header, secret, now)
    except InvalidSignature:
        return False
    return True


def test_what_the_sdk_signs_is_accepted() -> None:
    header = stripe.WebhookSignature.generate_signature_header(BODY.decode(), SECRET, int(NOW.timestamp()))
    assert header == sign(BODY, SECRET, NOW)
    assert is_accepted(header)


@pytest.mark.parametrize(
    ("age", "accepted"),
    [(timedelta(seconds=300), True), (timedelta(seconds=301), False), (timedelta(hours=-1), True)],
)
def test_a_signature_lives_300_seconds_on_our_clock(age: timedelta, accepted: bool) -> None:
    assert is_accepted(sign(BODY, SECRET, NOW - age)) is accepted


def test_another_body_or_secret_is_refused() -> None:
    header = sign(BODY, SECRET, NOW)
    assert not is_accepted(header, BODY + b" ")
    assert not is_accepted(header, secret="whsec_other")


def test_an_empty_secret_verifies_nothing() -> None:
    assert not is_accepted(sign(BODY, "", NOW), secret="")


def test_a_younger_moment_does_not_refresh_an_old_signature() -> None:
    old = sign(BODY, SECRET, NOW - timedelta(hours=1))
    signature = old.partition(",")[2]
    assert not is_accepted(f"t={int(NOW.timestamp())},{signature}")
    assert not is_accepted(f"{old},t={int(NOW.timestamp())}")


def test_while_a_secret_is_rolled_one_of_two_signatures_is_enough() -> None:
    other = sign(BODY, "whsec_old", NOW)
    signature = sign(BODY, SECRET, NOW).partition(",")[2]
    assert is_accepted(f"{other},{signature},v0=ignored")


@pytest.mark.parametrize(
    "header",
    [None, "", "t=", "t=1", "v1=x", "t=x,v1=é", "t=²,v1=a", ",,,", "t=1,v1=", "t=" + "9" * 5000 + ",v1=a"],
)
def test_what_is_no_signature_is_refused(header: str | None) -> None:
    assert not is_accepted(header)


@given(st.binary(max_size=40), st.text(max_size=60), st.booleans())
def test_whatever_comes_is_refused_or_right_and_never_breaks(
    body: bytes, noise: str, is_signed: bool
) -> None:
    header = sign(body, SECRET, NOW) if is_signed else noise
    assert is_accepted(header, body) is is_signed


def test_a_signed_moment_that_is_no_number_is_refused() -> None:
    for moment in ("", "soon", "-1"):
        mac = hmac.new(SECRET.encode(), f"{moment}.".encode() + BODY, hashlib.sha256).hexdigest()
        assert not is_accepted(f"t={moment},v1={mac}")
