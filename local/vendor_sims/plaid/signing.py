"""The signature of Plaid's webhooks (Plaid, "Verify webhooks"): a JWT over the hash of the very bytes."""

import base64
import hashlib
import uuid
from datetime import datetime

import jwt

from local.vendor_sims.keys import p256_key
from local.vendor_sims.wire import Obj

_KEY = p256_key("plaid webhooks")
KEY_ID = str(uuid.uuid5(uuid.NAMESPACE_URL, "callsheet:plaid webhooks"))
_CREATED_AT = 1_767_225_600  # 2026-01-01


def verification_key() -> Obj:
    """The public half as `/webhook_verification_key/get` gives it."""
    numbers = _KEY.public_key().public_numbers()
    return {
        "alg": "ES256",
        "created_at": _CREATED_AT,
        "crv": "P-256",
        "expired_at": None,
        "kid": KEY_ID,
        "kty": "EC",
        "use": "sig",
        "x": _coordinate(numbers.x),
        "y": _coordinate(numbers.y),
    }


def signed(payload: bytes, at: datetime) -> str:
    claims = {"iat": int(at.timestamp()), "request_body_sha256": hashlib.sha256(payload).hexdigest()}
    return jwt.encode(claims, _KEY, algorithm="ES256", headers={"kid": KEY_ID})


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()
