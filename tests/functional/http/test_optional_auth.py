"""Where anybody may call: without a token one is nobody, with a good one oneself, with a bad one refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from pydantic import JsonValue

from callsheet.http import tokens
from callsheet.http.endpoint import HttpHandler, Operation
from callsheet.http.tokens import PublicKey, verified_claims
from callsheet.kernel.errors import Unauthenticated, Unavailable
from callsheet.kernel.ids import user_id_of
from callsheet.kernel.principal import Principal
from callsheet.kernel.routing import Auth, RateClass
from callsheet.platform.clock import clock
from callsheet.platform.settings import settings
from tests.functional.http.test_endpoint import ROW, SUBJECT, Answer, Event, an_event, ask

ISSUER, CLIENT = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_pool", "client-1"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NOW = clock().now()


def public(key: rsa.RSAPrivateKey = KEY) -> dict[str, PublicKey]:
    found = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return {"k1": PublicKey(kid="k1", kty="RSA", n=found["n"], e=found["e"])}


def a_token(key: rsa.RSAPrivateKey = KEY, kid: str = "k1", **claims: JsonValue) -> str:
    said: dict[str, JsonValue] = {
        "sub": SUBJECT,
        "iss": ISSUER,
        "client_id": CLIENT,
        "token_use": "access",
        "exp": int((NOW + timedelta(days=1)).timestamp()),  # longer than any run of all tests
        "cognito:groups": ["client"],
        **claims,
    }
    return jwt.encode(said, key, "RS256", headers={"kid": kid})


def verify(token: str) -> dict[str, object]:
    return verified_claims(token, public(), ISSUER, CLIENT, NOW)


def test_a_token_of_ours_says_who_calls() -> None:
    claims = verify(a_token())
    assert (claims["sub"], claims["cognito:groups"]) == (SUBJECT, ["client"])


def _unsigned() -> str:
    return jwt.encode({"sub": SUBJECT}, "", "none", headers={"kid": "k1"})


def _symmetric() -> str:
    """The classic confusion: the public key taken for a shared secret."""
    return jwt.encode({"sub": SUBJECT}, public()["k1"].n, "HS256", headers={"kid": "k1"})


@pytest.mark.parametrize(
    "token",
    [
        a_token(STRANGER),
        a_token(kid="k2"),
        a_token(iss="https://example.com"),
        a_token(client_id="another"),
        a_token(token_use="id"),
        a_token(exp=int(NOW.timestamp())),
        a_token() + "A",
        a_token()[:-2],
        a_token().replace(".", "", 1),
        _unsigned(),
        _symmetric(),
        *("", "a.b.c", "é.é.é", ".", "..", "x" * 20_000),
    ],
)
def test_any_other_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(token)


def test_a_payload_that_was_changed_is_refused() -> None:
    header, _, signature = a_token().split(".")
    _, other, _ = a_token(sub="018f3c1e-7d2a-7c3b-9f00-000000000000").split(".")
    with pytest.raises(Unauthenticated):
        verify(f"{header}.{other}.{signature}")


def test_a_short_key_signs_nothing() -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.raises(Unauthenticated), pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        verified_claims(a_token(short), public(short), ISSUER, CLIENT, NOW)


def who(caller: Principal) -> Answer:
    return Answer(text=caller.id)


OPEN = replace(ROW, auth=Auth.OPTIONAL, roles=(), idempotent=False)


def handler(rate: RateClass = RateClass.NONE) -> HttpHandler:
    operation = Operation(replace(OPEN, rate=rate), 200, (), "", None, None, Answer, ("item_id",))
    return HttpHandler(operation, lambda item_id, caller: who(caller), frozenset({"item_id", "caller"}))


@pytest.fixture
def key_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    class KeySet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"keys": [public()["k1"].model_dump()]}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), KeySet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("TOKEN_ISSUER", ISSUER)
    monkeypatch.setenv("TOKEN_CLIENT", CLIENT)
    monkeypatch.setenv("TOKEN_KEYS_URL", f"http://127.0.0.1:{server.server_port}/keys")
    tokens._keys.forget()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def with_token(value: str) -> Event:
    event = an_event()
    event["headers"] = {"Authorization": value}
    return event


def test_without_a_token_the_caller_is_anonymous_whatever_the_gateway_says() -> None:
    assert ask(an_event(), handler())[1] == {"text": "anonymous"}


def test_with_a_good_token_the_caller_is_known(key_server: None) -> None:
    status, body, _ = ask(with_token(f"Bearer {a_token()}"), handler())
    assert (status, body) == (200, {"text": user_id_of(SUBJECT)})
    again = ask(with_token(f"bearer {a_token()}"), handler())
    assert again[0] == 200


def test_a_token_is_as_old_as_its_issuer_s_clock_says_however_far_ours_was_moved(
    key_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the laptop cloud whoever was signed in was refused once time had been advanced by an hour."""
    moved = tmp_path / "clock"
    moved.write_text(str(7 * 24 * 3600))
    monkeypatch.setenv("STAGE", "local")
    monkeypatch.setenv("CLOCK_OFFSET_FILE", str(moved))
    settings.cache_clear()
    clock.cache_clear()
    try:
        assert ask(with_token(f"Bearer {a_token()}"), handler())[0] == 200
    finally:
        monkeypatch.delenv("STAGE")
        monkeypatch.delenv("CLOCK_OFFSET_FILE")
        settings.cache_clear()
        clock.cache_clear()


def test_with_a_bad_token_the_caller_is_refused_rather_than_taken_for_nobody(key_server: None) -> None:
    status, problem, _ = ask(with_token(f"Bearer {a_token(STRANGER)}"), handler())
    assert (status, problem["code"]) == (401, "unauthenticated")
    assert ask(with_token("Basic Zm9vOmJhcg=="), handler())[0] == 401


def test_without_the_pool_s_keys_nobody_can_be_known(
    key_server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN_KEYS_URL", "http://127.0.0.1:9/keys")
    status, problem, _ = ask(with_token(f"Bearer {a_token()}"), handler())
    assert (status, problem["code"]) == (503, Unavailable.code)


def test_the_anonymous_have_a_bucket_each_address(tables: None) -> None:
    one, two = an_event(), an_event()
    for event, address in ((one, "192.0.2.1"), (two, "192.0.2.2")):
        context = event["requestContext"]
        assert isinstance(context, dict)
        http = context["http"]
        assert isinstance(http, dict)
        http["sourceIp"] = address
    rated = handler(RateClass.CHECKOUT)
    assert [ask(one, rated)[0] for _ in range(11)] == [200] * 10 + [429]
    assert ask(two, rated)[0] == 200
