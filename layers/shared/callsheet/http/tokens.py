"""Bearer tokens of endpoints that anybody may call (`Auth.OPTIONAL`): there the gateway verifies nothing, so we do.

RS256 alone (RFC 7518, 3.3), with the user pool's published keys. Verifying needs no secret, so it is done with the
standard library: the layer carries no cryptography package.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from pydantic import BaseModel, ConfigDict, ValidationError

from callsheet.kernel.errors import Unauthenticated, Unavailable
from callsheet.kernel.models import STORED
from callsheet.platform.cache import TtlCache

# RFC 8017, 9.2: the DigestInfo of SHA-256, which stands before the hash in a PKCS #1 v1.5 signature.
_SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
_MAX_TOKEN_LENGTH = 8192


class PublicKey(BaseModel):
    """An RSA key of a JSON Web Key Set (RFC 7517)."""

    model_config = STORED

    kid: str
    kty: str
    n: str
    e: str


class _Header(BaseModel):
    alg: str
    kid: str


class _Claims(BaseModel):
    """What Cognito's access tokens say; the rest is passed on as it is."""

    model_config = ConfigDict(extra="allow")

    iss: str
    client_id: str
    token_use: str
    exp: int


type Keys = Mapping[str, PublicKey]


def bearer_claims(headers: Mapping[str, str], now: datetime) -> dict[str, object]:
    """The claims of the request's bearer token; none where it brings no `Authorization`.

    A token that is not good is refused as Unauthenticated rather than taken for nobody's.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if not scheme:
        return {}
    if scheme.lower() != "bearer":
        raise Unauthenticated("Authorization takes a bearer token")
    issuer, client_id = os.environ["TOKEN_ISSUER"], os.environ["TOKEN_CLIENT"]
    return verified_claims(token.strip(), _keys.get(_keys_url(issuer)), issuer, client_id, now)


def verified_claims(token: str, keys: Keys, issuer: str, client_id: str, now: datetime) -> dict[str, object]:
    """The claims of an access token that `issuer` has signed for `client_id` and that is still good at `now`.

    Raises Unauthenticated, which says no more than that.
    """
    try:
        signed, _, signature = token[:_MAX_TOKEN_LENGTH].rpartition(".")
        header_part, _, claims_part = signed.partition(".")
        header = _Header.model_validate_json(_decoded(header_part))
        claims = _Claims.model_validate_json(_decoded(claims_part))
        is_signed = header.alg == "RS256" and _is_signature(
            _decoded(signature), signed.encode(), keys[header.kid]
        )
    except (ValidationError, binascii.Error, UnicodeEncodeError, KeyError, OverflowError) as error:
        raise Unauthenticated("The token is not one of ours") from error
    is_ours = (claims.iss, claims.client_id, claims.token_use) == (issuer, client_id, "access")
    if not is_signed or not is_ours or claims.exp <= now.timestamp():
        raise Unauthenticated("The token is not one of ours, or no longer good")
    return claims.model_dump()


def _is_signature(signature: bytes, signed: bytes, key: PublicKey) -> bool:
    """RSASSA-PKCS1-v1_5: the whole encoded message is compared, so that padding cannot be forged."""
    modulus, exponent = (int.from_bytes(_decoded(part)) for part in (key.n, key.e))
    length = (modulus.bit_length() + 7) // 8
    if key.kty != "RSA" or len(signature) != length or length < 256:
        return False
    found = pow(int.from_bytes(signature), exponent, modulus).to_bytes(length)
    digest = _SHA256_PREFIX + hashlib.sha256(signed).digest()
    padding = b"\xff" * (length - len(digest) - 3)
    return hmac.compare_digest(found, b"\x00\x01" + padding + b"\x00" + digest)


def _decoded(part: str) -> bytes:
    return base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _keys_url(issuer: str) -> str:
    """Where the pool publishes its keys; the laptop cloud has them elsewhere than its issuer says."""
    return os.environ.get("TOKEN_KEYS_URL") or f"{issuer}/.well-known/jwks.json"


def _fetch(url: str) -> Keys:
    request = AWSRequest("GET", url).prepare()
    session = URLLib3Session(timeout=2)
    try:
        found = json.loads(session.send(request).content)["keys"]
        return {key.kid: key for key in map(PublicKey.model_validate, found)}
    except (BotoCoreError, ValueError, KeyError) as error:
        raise Unavailable("The keys of the user pool cannot be read", retry_after_seconds=2) from error
    finally:
        session.close()


_keys: TtlCache[str, Keys] = TtlCache(_fetch, timedelta(hours=1), lambda: datetime.now(UTC), max_entries=4)
