"""Stripe's signature of a webhook, by its manual scheme (Stripe, "Verify webhook signatures manually").

Not through the SDK: importing it costs a quarter of a floor, and it measures age on the machine's clock, not on ours.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from callsheet.gateways.errors import InvalidSignature

TOLERANCE = timedelta(seconds=300)
_SCHEME = "v1"


def verify_signature(body: bytes, header: str | None, secret: str, now: datetime) -> None:
    """InvalidSignature unless Stripe signed these very bytes, with this secret, within the last 300 seconds.

    One right signature of several is enough: while a secret is rolled, Stripe signs with both. A moment in the future
    is taken, as Stripe's libraries do: two clocks never agree, and nobody but Stripe can have signed it.
    """
    if not secret:
        raise InvalidSignature
    parts = [part.strip().partition("=") for part in (header or "").split(",")]
    moment = next((value for name, _, value in parts if name == "t"), "")
    expected = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    given = [value for name, _, value in parts if name == _SCHEME]
    if not any(hmac.compare_digest(expected.encode(), value.encode()) for value in given):
        raise InvalidSignature
    if not moment.isdecimal() or int(moment) < (now - TOLERANCE).timestamp():
        raise InvalidSignature


def sign(body: bytes, secret: str, now: datetime) -> str:
    """The header Stripe would send: for sample events and tests."""
    moment = int(now.timestamp())
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},{_SCHEME}={mac.hexdigest()}"
