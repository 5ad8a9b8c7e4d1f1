"""What does not belong here is turned away at the real gateway, and nothing has changed behind it."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import JsonValue

from callsheet.gateways.stripe_signature import sign
from callsheet.kernel.ids import new_id
from local.api import Method, items, text
from local.programs.stripe import WEBHOOK_SECRET
from tests.e2e.cloud import Cloud
from tests.e2e.market import Market, Person, an_offer

DAYS_AHEAD = 8
KB = 1024
HOUR = 3600


@dataclass(frozen=True, slots=True)
class House:
    """A booking of two people, and a third who has no part in it."""

    market: Market
    client: Person
    provider: Person
    stranger: Person
    booking_id: str

    @property
    def path(self) -> str:
        return f"/v1/bookings/{self.booking_id}"

    def stored(self) -> dict[str, list[str]]:
        """Of them and of their booking. Whoever knocks wants something of one of these."""
        return self.market.stored(self.client.id, self.provider.id, self.stranger.id, self.booking_id)


@pytest.fixture(scope="module")
def house(cloud: Cloud) -> House:
    market = Market(cloud)
    client, provider, stranger = market.client(), market.provider(), market.provider()
    booking_id = market.book(client, an_offer(provider, market.day(DAYS_AHEAD)))
    return House(market, client, provider, stranger, booking_id)


@pytest.fixture(scope="module")
def as_it_was(house: House) -> Iterator[dict[str, list[str]]]:
    """What is stored before anybody knocks; in the end too, once all that they set off has happened."""
    house.market.settle()
    before = house.stored()
    yield before
    house.market.settle()
    assert house.stored() == before


@pytest.fixture(autouse=True)
def nothing_has_changed(house: House, as_it_was: dict[str, list[str]]) -> Iterator[None]:
    """Whatever knocks, what is stored stays as it was."""
    yield
    assert house.stored() == as_it_was


@pytest.fixture(scope="module")
def tokens(house: House) -> dict[str, str]:
    """Tokens that look like the client's; each has one thing wrong but the first."""
    cloud = house.market.cloud
    genuine = cloud.api.token(house.client.name)
    header, claims = (_decoded(part) for part in genuine.split(".")[:2])
    keys = cloud.place.scratch / "state/cognito-pool-keys"
    pem = (keys / f"{cloud.stack.outputs['UserPoolId']}-access.pem").read_bytes()
    ours = load_pem_private_key(pem, password=None)
    assert isinstance(ours, rsa.RSAPrivateKey)
    theirs = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issued_at = claims["iat"]
    assert isinstance(issued_at, int)
    expired = {**claims, "iat": issued_at - 2 * HOUR, "exp": issued_at - HOUR}
    return {
        "good": _signed(header, claims, ours),
        "expired": _signed(header, expired, ours),
        "signed by another": _signed(header, claims, theirs),
        "of another pool": _signed(header, {**claims, "iss": f"{claims['iss']}x"}, ours),
        "for another app": _signed(header, {**claims, "client_id": "another"}, ours),
        "unsigned": _signed({**header, "alg": "none"}, claims, None),
        "changed": f"{genuine.split('.')[0]}.{_encoded({**claims, 'sub': new_id('usr')})}.{genuine.split('.')[2]}",
        "garbage": "nonsense",
        "empty": "",
    }


_BAD_TOKENS = (
    *("expired", "signed by another", "of another pool", "for another app"),
    *("unsigned", "changed", "garbage", "empty"),
)


def test_a_token_made_as_the_tests_make_them_is_taken_where_nothing_is_wrong_with_it(
    house: House, tokens: dict[str, str]
) -> None:
    assert _with_token(house, "GET", house.path, tokens["good"]).status_code == 200


@pytest.mark.parametrize("name", _BAD_TOKENS)
def test_a_bad_token_is_a_401_at_every_door(house: House, tokens: dict[str, str], name: str) -> None:
    for method, path in _doors(house):
        assert _with_token(house, method, path, tokens[name]).status_code == 401, path


def test_no_token_is_a_401_at_every_door(house: House) -> None:
    for method, path in _doors(house):
        assert house.market.cloud.api.send(method, path, body=_body(method)).status_code == 401, path


@pytest.mark.parametrize(
    "wrong", ["no signature", "garbage", "another secret", "another body", "six minutes old"]
)
def test_a_webhook_that_stripe_has_not_just_signed_is_a_400(house: House, wrong: str) -> None:
    now, body = house.market.now(), _an_event(house)
    signature = {
        "no signature": "",
        "garbage": "t=now,v1=nonsense",
        "another secret": sign(body, "whsec_another", now),
        "another body": sign(body + b" ", WEBHOOK_SECRET, now),
        "six minutes old": sign(body, WEBHOOK_SECRET, now - timedelta(minutes=6)),
    }[wrong]
    answer = _webhook(house, body, signature)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature")


def test_a_body_over_the_limit_is_a_413(house: House) -> None:
    offer = an_offer(house.provider, house.market.day(DAYS_AHEAD + 1))
    huge = {**offer, "note": "x" * 70 * KB}
    assert house.market.try_post("/v1/bookings", house.client, huge).status_code == 413
    query = {"query": "{ __typename }", "variables": {"x": "x" * 300 * KB}}
    assert house.market.try_post("/graphql", house.client, query).status_code == 413
    body = _an_event(house) + b" " * 300 * KB
    signature = sign(body, WEBHOOK_SECRET, house.market.now())
    assert _webhook(house, body, signature).status_code == 413


def test_somebody_else_s_booking_does_not_exist(house: House) -> None:
    market, stranger = house.market, house.stranger
    for path in (house.path, f"{house.path}/timeline"):
        assert market.cloud.api.send("GET", path, user=stranger.name).status_code == 404
    for step in ("accept", "decline", "cancel", "complete"):
        assert market.try_post(f"{house.path}/{step}", stranger).status_code == 404
    problem = {"description": "It is not mine"}
    assert market.try_post(f"{house.path}/problem", stranger, problem).status_code == 404
    query = {"query": f'{{ booking(id: "{house.booking_id}") {{ id }} }}'}
    assert market.post("/graphql", stranger, query) == {"data": {"booking": None}}
    accept = {"query": f'mutation {{ acceptBooking(id: "{house.booking_id}") {{ id }} }}'}
    refused = items(market.post("/graphql", stranger, accept), "errors")
    assert [text(error, "extensions", "code") for error in refused] == ["not_found"]


def test_nobody_books_in_somebody_else_s_name_or_reads_the_books(house: House) -> None:
    market, provider = house.market, house.provider
    theirs = {**an_offer(provider, market.day(DAYS_AHEAD + 1)), "client_id": house.client.id}
    assert market.try_post("/v1/bookings", house.stranger, theirs).status_code == 403
    balance = market.cloud.api.send("GET", "/v1/admin/ledger/trial-balance", user=house.client.name)
    assert balance.status_code == 403
    profile = {"role": "model", "title": "A client", "jurisdiction": "US-OR", "zone": "UTC"}
    assert market.try_post("/v1/profiles", house.client, profile).status_code == 403


@pytest.mark.parametrize("cursor", ["x", "", "eyJzayI6ICJ4In0", "%00", "a" * 200])
def test_a_forged_cursor_is_a_400(house: House, cursor: str) -> None:
    path = f"/v1/bookings?party=client&cursor={cursor}"
    answer = house.market.cloud.api.send("GET", path, user=house.client.name)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0}, {"amount": -5}, {"amount": 10**30}, {"amount": "100"}, {"amount": 1.5},
        {"currency": "XXX"}, {"starts_at": "2020-01-01T10:00:00Z"}, {"ends_at": "2020-01-01T10:00:00Z"},
        {"starts_at": "tomorrow"}, {"provider_id": "usr_1"}, {"payment_method": "card"}, {"status": "accepted"},
    ],
    ids=str,
)  # fmt: skip
def test_an_offer_that_makes_no_sense_is_a_400(house: House, changes: dict[str, object]) -> None:
    asker = house.market.client()  # ten a minute is what one client may ask
    offer = an_offer(house.provider, house.market.day(DAYS_AHEAD + 1))
    answer = house.market.try_post("/v1/bookings", asker, {**offer, **changes})
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def _doors(house: House) -> tuple[tuple[Method, str], ...]:
    return (
        ("GET", "/v1/me"),
        ("GET", house.path),
        ("POST", "/v1/bookings"),
        ("POST", f"{house.path}/accept"),
        ("POST", "/v1/media/uploads"),
        ("GET", "/v1/admin/ledger/trial-balance"),
        ("POST", "/graphql"),
    )


def _body(method: Method) -> dict[str, object] | None:
    return {} if method == "POST" else None


def _with_token(house: House, method: Method, path: str, token: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}".strip()}
    return house.market.cloud.api.send(method, path, body=_body(method), headers=headers)


def _an_event(house: House) -> bytes:
    """Stripe says, as it seems, that the booking's money was taken."""
    about = {"id": "pi_1", "object": "payment_intent", "metadata": {"subject": house.booking_id}}
    event = {
        "id": "evt_forged",
        "object": "event",
        "type": "payment_intent.succeeded",
        "data": {"object": about},
    }
    return json.dumps(event).encode()


def _webhook(house: House, body: bytes, signature: str) -> httpx.Response:
    headers = {"content-type": "application/json", **({"stripe-signature": signature} if signature else {})}
    url = f"{house.market.cloud.api_url}/v1/webhooks/stripe"
    return httpx.post(url, content=body, headers=headers, timeout=30, trust_env=False)


def _signed(header: dict[str, JsonValue], claims: dict[str, JsonValue], key: rsa.RSAPrivateKey | None) -> str:
    content = f"{_encoded(header)}.{_encoded(claims)}"
    signature = b"" if key is None else key.sign(content.encode(), PKCS1v15(), SHA256())
    return f"{content}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _encoded(part: dict[str, JsonValue]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _decoded(part: str) -> dict[str, JsonValue]:
    decoded: dict[str, JsonValue] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded
