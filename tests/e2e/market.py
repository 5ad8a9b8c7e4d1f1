"""People of a test's own on the laptop cloud: what they ask of it, and what it holds afterwards."""

import math
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import JsonValue, TypeAdapter

from local import aws, clock, lambdas, payouts
from local.api import Document, items, text
from local.programs.stripe import api_key
from tests.e2e.cloud import Cloud
from tests.support.profiles import page_of

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALL_DAY = [{"opens": "00:00", "closes": "24:00"}]
_STATE = ("bookings", "payments", "ledger", "calendar", "events", "notifications", "media")
_LOOK_SECONDS = 0.2
# A request that was cut off is gone on with after 30 s (platform.once).
_TRY_AGAIN_SECONDS, _PATIENCE_SECONDS = 8, 90
_SETTLED_SECONDS = 180
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


def eventually[T](
    look: Callable[[], T],
    is_so: Callable[[T], bool],
    *,
    within_seconds: float = 60,
    every_seconds: float = _LOOK_SECONDS,
) -> T:
    """Look until it is so. Raises AssertionError with what was seen last."""
    until = time.monotonic() + within_seconds
    while not is_so(seen := look()):
        assert time.monotonic() < until, f"Not so after {within_seconds} s: {seen}"
        time.sleep(every_seconds)
    return seen


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; `profile_id` where they can be booked."""

    name: str
    id: str
    profile_id: str = ""


@dataclass(frozen=True, slots=True)
class Market:
    """A cloud as the parties to bookings use it."""

    cloud: Cloud

    def client(self) -> Person:
        return self._person("client")

    def staff(self, role: str) -> Person:
        """Somebody of ours: `support`, `finance` or `admin`."""
        return self._person(role)

    def provider(self) -> Person:
        """Can be booked around the clock, from now on, for a quarter of an hour or longer, and be paid."""
        person = self._person("provider")
        page = {"role": "photographer", "title": "At all hours", "jurisdiction": "US-OR", "zone": "UTC"}
        profile_id = text(self.post("/v1/profiles", person, page), "id")
        price = {"amount_minor": 300_00, "currency": "USD"}
        service = {"title": "An hour", "price": price, "duration_minutes": 60}
        self.post(f"/v1/profiles/{profile_id}/services", person, service)
        rules = {
            "zone": "UTC",
            "weekly": dict.fromkeys(_WEEKDAYS, _ALL_DAY),
            "lead_hours": 0,
            "minimum_minutes": 15,
        }
        self.cloud.api.call("PUT", "/v1/calendar/rules", user=person.name, body=rules)
        version = self.get(f"/v1/me/profiles/{profile_id}", person)["version"]
        self.cloud.api.call(
            "PATCH", f"/v1/me/profiles/{profile_id}", user=person.name, body=page_of(version=version)
        )
        self.post(f"/v1/profiles/{profile_id}/publish", person)
        payouts.onboard(self.cloud.api, person.name)
        return Person(person.name, person.id, profile_id)

    def get(self, path: str, who: Person) -> Document:
        return self.cloud.api.call("GET", path, user=who.name)

    def post(self, path: str, who: Person, body: Mapping[str, object] | None = None) -> Document:
        return self.cloud.api.call("POST", path, user=who.name, body={} if body is None else body)

    def try_post(
        self, path: str, who: Person, body: Mapping[str, object] | None = None, key: str | None = None
    ) -> httpx.Response:
        """The bare answer, whatever it is; `key` makes the request idempotent."""
        headers = {"idempotency-key": key} if key else {}
        return self.cloud.api.send(
            "POST", path, user=who.name, body={} if body is None else body, headers=headers
        )

    def ask_patiently(self, path: str, who: Person, body: Mapping[str, object]) -> httpx.Response:
        """Ask as apps do: under a key, and again where the answer is to come back later."""
        key = secrets.token_hex(8)
        return eventually(
            lambda: self.try_post(path, who, body, key),
            lambda answer: not _is_for_now(answer),
            within_seconds=_PATIENCE_SECONDS,
            every_seconds=_TRY_AGAIN_SECONDS,
        )

    def book(self, client: Person, body: Mapping[str, object]) -> str:
        """The id of a booking that is asked for."""
        return text(self.post("/v1/bookings", client, body), "id")

    def step(self, booking_id: str, step: str, who: Person) -> Document:
        return self.post(f"/v1/bookings/{booking_id}/{step}", who)

    def booking(self, booking_id: str, who: Person) -> Document:
        return self.get(f"/v1/bookings/{booking_id}", who)

    def states(self, booking_id: str, who: Person) -> tuple[str, str]:
        """Where the booking stands, and where its money."""
        booking = self.booking(booking_id, who)
        return text(booking, "status"), text(booking, "payment", "status")

    def becomes(self, booking_id: str, who: Person, *states: str, within_seconds: float = 60) -> None:
        """Wait until booking and payment are in these states."""
        eventually(
            lambda: self.states(booking_id, who), lambda seen: seen == states, within_seconds=within_seconds
        )

    def timeline(self, booking_id: str, who: Person) -> list[str]:
        """The names of what has happened, oldest first."""
        page = self.get(f"/v1/bookings/{booking_id}/timeline?limit=100", who)
        return [text(event, "name") for event in items(page)]

    def receipt(self, booking_id: str, who: Person) -> Document | None:
        """The newest version of it, fetched from where it is kept; None where none was issued."""
        link = self.cloud.api.send("GET", f"/v1/bookings/{booking_id}/receipt?format=json", user=who.name)
        if link.status_code == httpx.codes.NOT_FOUND:
            assert link.json()["code"] == "receipt_not_issued"
            return None
        kept = httpx.get(link.raise_for_status().json()["url"], timeout=10, trust_env=False)
        return _DOCUMENT.validate_json(kept.raise_for_status().content)

    def told(self, who: Person, booking_id: str) -> list[str]:
        """What somebody was told of a booking, sorted by name."""
        page = self.get("/v1/me/notifications?limit=100", who)
        return sorted(text(note, "kind") for note in items(page) if note["booking_id"] == booking_id)

    def entries(self, booking_id: str) -> list[Document]:
        """The ledger's entries about a booking."""
        path = f"/v1/admin/ledger/entries?subject={booking_id}"
        return items(self.cloud.api.call("GET", path, user="adele"))

    def is_balanced(self) -> bool:
        path = "/v1/admin/ledger/trial-balance"
        return self.cloud.api.call("GET", path, user="adele")["is_balanced"] is True

    def free_spans(self, provider: Person, day: datetime) -> list[tuple[str, str]]:
        """What is free of a UTC day, as `HH:MM` until `HH:MM`."""
        path = f"/v1/providers/{provider.id}/availability?from={day:%Y-%m-%d}&to={day:%Y-%m-%d}&zone=UTC"
        return [
            (text(span, "starts_at")[11:16], text(span, "ends_at")[11:16])
            for span in items(self.get(path, provider), "free")
        ]

    def now(self) -> datetime:
        """The time in the cloud."""
        return datetime.now(UTC) + timedelta(seconds=clock.offset_seconds(self.cloud.place))

    def day(self, days_ahead: int) -> datetime:
        """Midnight, UTC, that many days ahead."""
        return self.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days_ahead)

    def settle(self) -> None:
        """Wait until no webhook and no message is under way, longer than a laptop's user would."""
        until = time.monotonic() + _SETTLED_SECONDS
        while True:
            try:
                return self.cloud.settle()
            except clock.Unsettled:
                if time.monotonic() > until:
                    raise

    def minutes_pass(self, minutes: int) -> None:
        """Move the clock, and let what is due happen."""
        self.cloud.advance(minutes / 60)

    def time_passes_unseen(self, seconds: float) -> None:
        """Move the clock, and let nobody look at what is due."""
        clock.move(self.cloud.place, math.ceil(seconds))

    def stored(self, *about: str) -> dict[str, list[str]]:
        """What says what has happened to these ids, in no matter which order it is kept; tests may scan.

        Not everything: whatever tests before have begun goes on, at the minute of the sweeper's schedule.
        """
        pages = aws.client("dynamodb", self.cloud.stack.aws_endpoint).get_paginator("scan")
        items = {
            table: [
                str(sorted(item.items()))
                for page in pages.paginate(TableName=f"callsheet-local-{table}")
                for item in page["Items"]
            ]
            for table in _STATE
        }
        return {
            table: sorted(item for item in kept if any(one in item for one in about))
            for table, kept in items.items()
        }

    def consumed(self, worker: str, since_ms: int) -> Iterator[tuple[str, str]]:
        """Event and outcome of each message that a worker has taken from its queue."""
        for line in lambdas.log_lines(self.cloud.stack, worker, since_ms):
            if line.words.startswith("{"):
                told = _DOCUMENT.validate_json(line.words)
                if told.get("message") == "consumed":
                    yield text(told, "event_id"), text(told, "outcome")

    def _person(self, *roles: str) -> Person:
        name = f"{roles[0]}-{secrets.token_hex(4)}"
        return Person(name, self.cloud.a_user(name, *roles).user_id)


@dataclass(frozen=True, slots=True)
class Stripe:
    """The simulator, as Stripe's own callers see it."""

    cloud: Cloud

    def get(self, path: str, **query: str) -> Document:
        return self._ask("GET", path, query)

    def post(self, path: str, **form: str) -> Document:
        return self._ask("POST", path, form)

    def intent_of(self, booking_id: str) -> Document:
        """The one PaymentIntent of a booking. Raises AssertionError where there is none, or more."""
        (intent,) = [intent for intent in self.intents() if text(intent, "transfer_group") == booking_id]
        return intent

    def intents(self) -> Iterator[Document]:
        """All there are, newest first."""
        after: dict[str, str] = {}
        while True:
            page = self.get("/v1/payment_intents", limit="100", **after)
            found = items(page, "data")
            yield from found
            if not page["has_more"]:
                return
            after = {"starting_after": text(found[-1], "id")}

    def confirm(self, client_secret: str, payment_method: str = "pm_card_visa") -> None:
        """What a client's browser does with the secret, past us."""
        intent_id = client_secret.partition("_secret_")[0]
        self.post(f"/v1/payment_intents/{intent_id}/confirm", payment_method=payment_method)

    def act(self, path: str, **body: JsonValue) -> None:
        """Something happens at Stripe without us."""
        self._control(path, body)

    def fail(self, path: str, kind: str, times: int, method: str = "POST") -> None:
        """Break the next calls; none any more with `times=0`."""
        self._control("/_sim/fail", {"path": path, "kind": kind, "times": times, "method": method})

    def calls(self, method: str, path: str) -> list[Mapping[str, JsonValue]]:
        """The parameters of all requests to a path."""
        return [
            one.params for one in self.cloud.stripe.requests() if (one.method, one.path) == (method, path)
        ]

    def _ask(self, method: str, path: str, fields: Mapping[str, str]) -> Document:
        sent = {"params": fields} if method == "GET" else {"data": fields}
        answer = httpx.request(
            method,
            f"{self.cloud.stripe_url}{path}",
            headers={"authorization": f"Bearer {api_key()}"},
            timeout=10,
            trust_env=False,
            **sent,  # type: ignore[arg-type]  # either of the two
        ).raise_for_status()
        return _DOCUMENT.validate_json(answer.content)

    def _control(self, path: str, body: Mapping[str, JsonValue]) -> None:
        httpx.post(
            f"{self.cloud.stripe_url}{path}", json=body, timeout=10, trust_env=False
        ).raise_for_status()


def an_offer(
    provider: Person,
    starts_at: datetime,
    *,
    minutes: int = 60,
    payment_method: str | None = "pm_card_visa",
) -> dict[str, object]:
    """A hundred dollars for a span of somebody's time."""
    body: dict[str, object] = {
        "provider_id": provider.id,
        "amount": 100,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(minutes=minutes)).isoformat(),
    }
    return body if payment_method is None else {**body, "payment_method": payment_method}


def _is_for_now(answer: httpx.Response) -> bool:
    """The same request may be answered otherwise in a while: so we say, or the gateway in our place (ADR 0095)."""
    if answer.status_code == 500:
        return not answer.content or _said_by_the_gateway(answer)
    is_busy = answer.status_code in {429, 502, 503, 504}
    return is_busy or (answer.status_code == 409 and answer.json()["code"] == "idempotency_in_progress")


def _said_by_the_gateway(answer: httpx.Response) -> bool:
    """MiniStack's own words for what it could not hand over. Ours are a problem with a correlation id: never again."""
    return "x-correlation-id" not in answer.headers and set(answer.json()) == {"message"}
