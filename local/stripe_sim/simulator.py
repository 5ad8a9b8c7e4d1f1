"""Stripe in memory: `handle` answers one HTTP request as Stripe would. Framework-free and safe between threads.

    simulator = Simulator()
    status, headers, body = simulator.handle("POST", "/v1/customers", {"Authorization": "Bearer sk_test_callsheet"}, b"")
"""

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from threading import RLock

from local.stripe_sim import forms, idempotency
from local.stripe_sim.control import Control
from local.stripe_sim.errors import Hang, Refusal, internal, no_key
from local.stripe_sim.events import Cause, delivery_of, event_of
from local.stripe_sim.expansion import expanded
from local.stripe_sim.faults import Faults, Kind
from local.stripe_sim.ledger import settle
from local.stripe_sim.outbox import Deliver, Outbox
from local.stripe_sim.payment_intents import expire
from local.stripe_sim.refunds import mature
from local.stripe_sim.resources import ROUTES
from local.stripe_sim.routing import Call, Route, chosen
from local.stripe_sim.shapes import Form, Json, Obj, Params
from local.stripe_sim.validation import validated
from local.stripe_sim.world import World, new_id

API_KEY, WEBHOOK_SECRET = "sk_test_callsheet", "whsec_callsheet"
_MAX_BODY = 1_000_000

type HttpAnswer = tuple[int, dict[str, str], bytes]

_NOBODY = Cause()


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
        self._cause: ContextVar[Cause] = ContextVar("cause", default=_NOBODY)
        self._keys = idempotency.Keys()
        self.faults = Faults()
        self.requests: list[Obj] = []
        self.outbox = Outbox(webhook_secret, now, webhook_url, deliver)
        self.world = World(self.now, self._emit)
        self._control = Control(self)

    def now(self) -> datetime:
        return self._base_now() + self._advanced

    def advance(self, seconds: int) -> None:
        """Move Stripe's clock, and let happen what became due."""
        with self.lock:
            self._advanced += timedelta(seconds=seconds)
            self.tick()

    def tick(self) -> None:
        """Let happen what became due: authorisations end, money becomes available, slow refunds finish."""
        with self.lock:
            token = self._cause.set(_NOBODY)
            try:
                expire(self.world)
                mature(self.world)
                settle(self.world)
            finally:
                self._cause.reset(token)

    def reset(self) -> None:
        """Forget everything but the clock and where webhooks go."""
        with self.lock:
            self.world.clear()
            self.outbox.clear()
            self.faults.clear()
            self._keys.clear()
            self.requests.clear()

    def close(self) -> None:
        self.outbox.close()

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Answer one request; `path` may carry a query. Raises Hang where no answer is to come."""
        route_path, _, query = path.partition("?")
        if route_path.startswith("/_sim/"):
            return self._control.handle(method, route_path, body)
        lowered = {name.lower(): value for name, value in headers.items()}
        request_id = new_id("req")
        record: Obj = {
            "method": method,
            "path": route_path,
            "params": {},
            "idempotency_key": lowered.get("idempotency-key"),
            "status": None,
            "response": None,
        }
        self.requests.append(record)
        more = {"Request-Id": request_id}
        try:
            status, answer = self._answered(method, route_path, query or body, lowered, record, more)
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        except Hang:
            record["response"] = "the connection broke"
            raise
        record["status"], record["response"] = status, answer
        return status, self._headers(more, lowered), json.dumps(answer, indent=2).encode()

    def _headers(self, more: Mapping[str, str], request: Mapping[str, str]) -> dict[str, str]:
        headers = {"Content-Type": "application/json", **more}
        if "idempotency-key" in request:
            headers["Idempotency-Key"] = request["idempotency-key"]
        if "stripe-version" in request:
            headers["Stripe-Version"] = request["stripe-version"]
        return headers

    def _answered(
        self,
        method: str,
        path: str,
        content: str | bytes,
        headers: Mapping[str, str],
        record: Obj,
        more: dict[str, str],
    ) -> idempotency.Answer:
        self._authenticate(headers)
        if len(content) > _MAX_BODY:
            raise Refusal("Request too large", status=413, is_before_execution=True)
        form = forms.decode(content)
        record["params"] = _as_json(form)
        route, ids = chosen(ROUTES, method, path)
        params = validated(form, route.params)
        route.check_supported(params)
        fault = self.faults.next(method, path)
        if fault is Kind.TIMEOUT:
            raise Hang
        key = headers.get("idempotency-key") if method == "POST" else None
        cause = Cause(request_id=more["Request-Id"], idempotency_key=key)
        if key is None:
            answer = self._carried_out(route, ids, params, cause, fault)
        else:
            known = self._keys.begin(key, (method, path, form), int(self.now().timestamp()))
            if known is not None:
                more |= {"Idempotent-Replayed": "true", "Original-Request": more["Request-Id"]}
                answer = known
            else:
                answer = self._kept(key, route, ids, params, cause, fault)
        if fault is Kind.APPLIED_THEN_TIMEOUT:
            raise Hang
        if answer[0] == HTTPStatus.INTERNAL_SERVER_ERROR:
            more["Stripe-Should-Retry"] = "false"
        return answer

    def _kept(
        self, key: str, route: Route, ids: tuple[str, ...], params: Params, cause: Cause, fault: Kind | None
    ) -> idempotency.Answer:
        """Carry out under a key, which keeps the answer, unless nothing was begun."""
        answer: idempotency.Answer | None = None
        try:
            answer = self._carried_out(route, ids, params, cause, fault)
        finally:
            if answer is None:
                self._keys.forget(key)
            else:
                self._keys.end(key, answer)
        return answer

    def _carried_out(
        self, route: Route, ids: tuple[str, ...], params: Params, cause: Cause, fault: Kind | None
    ) -> idempotency.Answer:
        """The answer, a refusal in the course of it included. Raises Refusal where nothing was begun."""
        with self.lock:
            self.tick()
            token = self._cause.set(cause)
            try:
                if fault is Kind.ERROR:
                    raise internal()
                call = Call(world=self.world, ids=ids, params=params)
                return HTTPStatus.OK, expanded(route.act(call), params.texts("expand"), self.world)
            except Refusal as refusal:
                if refusal.is_before_execution:
                    raise
                return refusal.status, refusal.body
            finally:
                self._cause.reset(token)

    def _authenticate(self, headers: Mapping[str, str]) -> None:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise no_key(None)
        if given != self._api_key:
            raise no_key(given)
        if "stripe-account" in headers:
            raise Refusal("The simulator answers for the platform's account only.", is_before_execution=True)

    def _emit(self, kind: str, obj: Obj, before: Mapping[str, Json] | None) -> None:
        self.outbox.offer(delivery_of(event_of(self.world, kind, obj, before, self._cause.get())))


def _as_json(form: Form) -> Json:
    if isinstance(form, dict):
        return {name: _as_json(value) for name, value in form.items()}
    return [_as_json(item) for item in form] if isinstance(form, list) else form
