"""The control plane, `/_sim/…`: what a test, a script or `make advance` may look at and disturb.

Bodies and answers are JSON. It asks for no key: the simulator listens on the loopback interface only.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from local.simulating.faults import Kind
from local.simulating.outbox import Mode
from local.stripe_sim.acts import ACTS, Command
from local.stripe_sim.errors import Refusal, no_route
from local.stripe_sim.shapes import Json, Obj

if TYPE_CHECKING:
    from local.stripe_sim.simulator import Simulator

type HttpAnswer = tuple[int, dict[str, str], bytes]


class _Webhooks(Command):
    mode: Mode | None = None
    duplicate: int | None = Field(default=None, ge=0, le=100)
    shuffle: bool | None = None
    url: str | None = None


class _Clock(Command):
    advance_s: int = Field(ge=0)


class _Fail(Command):
    path: str
    times: int = Field(default=1, ge=0)
    kind: Kind
    method: str | None = None


class Control:
    """Answers `/_sim/…` for one simulator."""

    def __init__(self, simulator: "Simulator") -> None:
        self._sim = simulator
        self._acts: Mapping[tuple[str, str], Callable[[str, bytes], Json]] = {
            ("GET", "/_sim/health"): lambda _id, _body: {"status": "ok", "now": simulator.now().isoformat()},
            ("GET", "/_sim/requests"): lambda _id, _body: list[Json](simulator.requests),
            ("GET", "/_sim/webhooks"): lambda _id, _body: self._webhooks_state(),
            ("POST", "/_sim/webhooks"): self._set_webhooks,
            ("POST", "/_sim/webhooks/flush"): lambda _id, _body: {"flushed": simulator.outbox.flush()},
            ("POST", "/_sim/clock"): self._clock,
            ("POST", "/_sim/fail"): self._fail,
            ("GET", "/_sim/held"): lambda _id, _body: [{**held} for held in simulator.faults.held()],
            ("POST", "/_sim/release"): lambda _id, _body: {"released": simulator.faults.release()},
            ("POST", "/_sim/reset"): self._reset,
            **{("POST", path): partial(act, simulator.world) for path, act in ACTS.items()},
        }

    def handle(self, method: str, path: str, body: bytes) -> HttpAnswer:
        try:
            status, answer = 200, self._answered(method, path, body)
        except Refusal as refusal:
            status, answer = refusal.status, _encoded(refusal.body)
        except ValidationError as error:
            details = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            status, answer = 400, _encoded({"error": {"message": details, "type": "invalid_request_error"}})
        return status, {"Content-Type": "application/json"}, answer

    def _answered(self, method: str, path: str, body: bytes) -> bytes:
        for (known, pattern), act in self._acts.items():
            match = re.fullmatch(pattern.replace("{id}", "([^/]+)"), path)
            if known == method and match is not None:
                with self._sim.lock:
                    return _encoded(act(match[1] if match.groups() else "", body or b"{}"))
        raise no_route(method, path)

    def _webhooks_state(self) -> Obj:
        return {**self._sim.outbox.state()}

    def _set_webhooks(self, _id: str, body: bytes) -> Json:
        command = _Webhooks.model_validate_json(body)
        self._sim.outbox.set(
            mode=command.mode, duplicate=command.duplicate, shuffle=command.shuffle, url=command.url
        )
        return self._webhooks_state()

    def _clock(self, _id: str, body: bytes) -> Json:
        self._sim.advance(_Clock.model_validate_json(body).advance_s)
        return {"now": self._sim.now().isoformat()}

    def _fail(self, _id: str, body: bytes) -> Json:
        command = _Fail.model_validate_json(body)
        self._sim.faults.arm(command.path, command.kind, command.times, command.method)
        return command.model_dump(mode="json")

    def _reset(self, _id: str, _body: bytes) -> Json:
        self._sim.reset()
        return {}


def _encoded(answer: Json) -> bytes:
    return json.dumps(answer, indent=2).encode()
