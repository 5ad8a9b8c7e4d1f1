"""Stripe in memory: `handle` answers one HTTP request as Stripe would. Framework-free and safe between threads.

simulator = Simulator()
status, headers, body = simulator.handle("POST", "/v1/customers", {"Authorization": "Bearer sk_test_callsheet"}, b"")
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from threading import RLock

from local.simulating.faults import AFTER, BEFORE, Faults, Hang, Kind
from local.stripe_sim import forms, hosted, idempotency, uploads
from local.stripe_sim.control import Control
from local.stripe_sim.due import let_happen, midnights
from local.stripe_sim.errors import Refusal, internal, no_account, no_key, unsupported
from local.stripe_sim.events import Cause, delivery_of, event_of
from local.stripe_sim.expansion import check_expandable, expanded
from local.stripe_sim.files import MAX_BODY
from local.stripe_sim.outbox import Deliver, Outbox
from local.stripe_sim.resources import ROUTES
from local.stripe_sim.routing import Call, Route, chosen
from local.stripe_sim.shapes import Form, Json, Obj, as_json
from local.stripe_sim.validation import validated
from local.stripe_sim.world import World, new_id

API_KEY, WEBHOOK_SECRET = "sk_test_callsheet", "whsec_callsheet"
_MAX_BODY = 1_000_000
_OURS = ("127.0.0.1", "localhost")

type HttpAnswer = tuple[int, dict[str, str], bytes]

_NOBODY = Cause()


@dataclass(frozen=True, slots=True)
class _Request:
    """One request to `/v1`: header names in lower case; `more` is what its answer's headers will say."""

    method: str
    path: str
    headers: Mapping[str, str]
    id: str = field(default_factory=lambda: new_id("req"))
    more: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str | None:
        """The idempotency key; only what changes something has one."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None

    @property
    def account(self) -> str | None:
        """The connected account that is spoken for."""
        return self.headers.get("stripe-account")

    @property
    def hosted_at(self) -> str:
        """Stripe's own pages are here too, where there is a server."""
        host = self.headers.get("host", "")
        return f"http://{host}" if host.startswith(_OURS) else "https://connect.stripe.com"

    def record(self) -> Obj:
        """What `GET /_sim/requests` shows, as far as it is known now."""
        return {
            "method": self.method,
            "path": self.path,
            "params": {},
            "idempotency_key": self.key,
            "account": self.account,
            "status": None,
            "response": None,
        }

    def answered_with(self) -> dict[str, str]:
        repeated = {
            name.title(): self.headers[name]
            for name in ("idempotency-key", "stripe-version")
            if name in self.headers
        }
        return {"Content-Type": "application/json", "Request-Id": self.id, **repeated, **self.more}


class Simulator:
    """`now` is the time the simulator starts from; the control plane may add to it."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        api_key: str = API_KEY,
        webhook_secret: str = WEBHOOK_SECRET,
        webhook_url: str | None = None,
        deliver: Deliver | None = None,
    ) -> None:
        self._base_now, self._api_key = now, api_key
        self.lock = RLock()
        self._advanced = timedelta()
        self._cause = _NOBODY  # of the events that happen now; guarded by the lock
        self._keys = idempotency.Keys()
        self.faults = Faults()
        self.requests: list[Obj] = []
        self.outbox = Outbox(webhook_secret, now, webhook_url, deliver)
        self._at: datetime | None = None  # a moment of the past that is caught up with; guarded by the lock
        self._ticked: datetime | None = None
        self.world = World(lambda: self._at or self.now(), self._emit)
        self._control = Control(self)

    def now(self) -> datetime:
        return self._base_now() + self._advanced

    def advance(self, seconds: int) -> None:
        """Move Stripe's clock, and let happen what became due."""
        with self.lock:
            self._advanced += timedelta(seconds=seconds)
            self.tick()

    def tick(self) -> None:
        """Let happen what became due, day by day: each thing at its own time, however far the clock has jumped."""
        with self.lock, self._because(_NOBODY):
            now = self.now()
            for midnight in midnights(self._ticked or now, now):
                self._at = midnight
                let_happen(self.world)
            self._at, self._ticked = None, now
            let_happen(self.world)

    def reset(self) -> None:
        """Forget everything but the clock and where webhooks go."""
        with self.lock:
            self.world.clear()
            self.outbox.clear()
            self.faults.clear()
            self._keys.clear()
            self.requests.clear()

    def close(self) -> None:
        self.faults.clear()
        self.outbox.close()

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Answer one request; `path` may carry a query. Raises Hang where no answer is to come."""
        route_path, _, query = path.partition("?")
        if route_path.startswith("/_sim/"):
            return self._control.handle(method, route_path, body)
        if route_path.startswith(hosted.PREFIXES):
            with self.lock, self._because(_NOBODY):
                return hosted.answered(self.world, method, route_path, body)
        request = _Request(method, route_path, {name.lower(): value for name, value in headers.items()})
        record = request.record()
        self.requests.append(record)
        try:
            status, answer = self._answered(request, query or body, record)
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        except Hang:
            record["response"] = "the connection broke"
            raise
        record["status"], record["response"] = status, answer
        return status, request.answered_with(), json.dumps(answer, indent=2).encode()

    def _answered(self, request: "_Request", content: str | bytes, record: Obj) -> idempotency.Answer:
        self._authenticate(request.headers)
        content_type, filename, upload = request.headers.get("content-type", ""), "", b""
        is_upload = isinstance(content, bytes) and uploads.is_upload(content_type)
        if len(content) > (MAX_BODY if is_upload else _MAX_BODY):
            raise Refusal("Request too large", status=413, is_before_execution=True)
        if isinstance(content, bytes) and is_upload:
            fields, filename, upload = uploads.decode(content_type, content)
            form = forms.nested(fields)
        else:
            form = forms.decode(content)
        record["params"] = as_json(form)
        route, ids = chosen(ROUTES, request.method, request.path)
        world = self._world_of(request, route)
        params = validated(form, route.params)
        route.check_supported(params)
        check_expandable(params.texts("expand"), route.path, is_list=route.is_list)
        call = Call(
            world=world,
            platform=self.world,
            ids=ids,
            params=params,
            hosted_at=request.hosted_at,
            filename=filename,
            upload=upload,
        )
        act = partial(self._acted, route, call)
        fault = self.faults.next(request.method, request.path)
        if fault in BEFORE:
            self.faults.break_off(fault, request.method, request.path)
        answer = self._once(request, form, partial(self._carried_out, request, act, fault))
        if fault in AFTER:
            self.faults.break_off(fault, request.method, request.path)
        if answer[0] == HTTPStatus.INTERNAL_SERVER_ERROR and request.key is not None:
            request.more["Stripe-Should-Retry"] = "false"  # the same would come again
        return answer

    def _once(
        self, request: "_Request", form: dict[str, Form], carry_out: Callable[[], idempotency.Answer]
    ) -> idempotency.Answer:
        """Carry out under the request's key, which keeps the answer, unless nothing was begun."""
        key = request.key
        if key is None:
            return carry_out()
        fingerprint = (request.method, request.path, form)
        scoped = (request.account or "", key)
        known = self._keys.begin(scoped, fingerprint, int(self.now().timestamp()))
        if known is not None:
            request.more["Idempotent-Replayed"] = "true"
            return known
        answer: idempotency.Answer | None = None
        try:
            answer = carry_out()
        finally:
            if answer is None:
                self._keys.forget(scoped)
            else:
                self._keys.end(scoped, answer)
        return answer

    def _carried_out(
        self, request: "_Request", act: Callable[[], Obj], fault: Kind | None
    ) -> idempotency.Answer:
        """The answer, a refusal in the course of it included. Raises Refusal where nothing was begun."""
        with self.lock:
            self.tick()
            with self._because(Cause(request_id=request.id, idempotency_key=request.key)):
                try:
                    if fault is Kind.ERROR:
                        raise internal()
                    return HTTPStatus.OK, act()
                except Refusal as refusal:
                    if refusal.is_before_execution:
                        raise
                    return refusal.status, deepcopy(refusal.body)

    def _authenticate(self, headers: Mapping[str, str]) -> None:
        given = _given_key(headers.get("authorization", ""))
        if given is None:
            raise no_key(None)
        if given != self._api_key:
            raise no_key(given)

    def _world_of(self, request: "_Request", route: Route) -> World:
        """What belongs to the account that is spoken for."""
        if request.account is None:
            return self.world
        if request.account not in self.world.kept("account"):
            raise no_account(request.account)
        if not route.is_for_accounts:
            raise unsupported(["Stripe-Account"])
        return self.world.of(request.account)

    def _acted(self, route: Route, call: Call) -> Obj:
        return expanded(route.act(call), call.params.texts("expand"), call)

    @contextmanager
    def _because(self, cause: Cause) -> Iterator[None]:
        before, self._cause = self._cause, cause
        try:
            yield
        finally:
            self._cause = before

    def _emit(self, world: World, kind: str, obj: Obj, before: Mapping[str, Json] | None) -> None:
        self.outbox.offer(delivery_of(event_of(world, kind, obj, before, self._cause)))


def _given_key(authorization: str) -> str | None:
    """The key of a Bearer header, or the user name of a Basic one."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "basic":
        return given if scheme.lower() == "bearer" and given else None
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[0] or None
    except ValueError:
        return None
