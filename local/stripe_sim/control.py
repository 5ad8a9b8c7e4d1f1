"""The control plane, `/_sim/…`: what a test, a script or `make advance` may look at and disturb.

Bodies and answers are JSON. It asks for no key: the simulator listens on the loopback interface only.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from local.simulating.faults import Kind
from local.simulating.outbox import Mode
from local.stripe_sim.accounts import changed, onboard
from local.stripe_sim.confirming import authenticated
from local.stripe_sim.disputes import decide, open_dispute
from local.stripe_sim.errors import Refusal, no_route
from local.stripe_sim.setup_intents import authenticated_setup
from local.stripe_sim.shapes import Json, Obj
from local.stripe_sim.states import require_status

if TYPE_CHECKING:
    from local.stripe_sim.simulator import Simulator

type HttpAnswer = tuple[int, dict[str, str], bytes]


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Webhooks(_Command):
    mode: Mode | None = None
    duplicate: int | None = Field(default=None, ge=0, le=100)
    shuffle: bool | None = None
    url: str | None = None


class _Clock(_Command):
    advance_s: int = Field(ge=0)


class _Dispute(_Command):
    charge: str
    reason: str = "fraudulent"


class _Verdict(_Command):
    outcome: str = Field(pattern="^(won|lost)$")


class _Authentication(_Command):
    outcome: str = Field(default="success", pattern="^(success|failure)$")


class _Fail(_Command):
    path: str
    times: int = Field(default=1, ge=0)
    kind: Kind
    method: str | None = None


class _Account(_Command):
    """`onboard` tells all that is due; `require` asks for more, `by` a time or at once; `lift` takes that back."""

    onboard: bool = False
    lift: bool = False
    require: list[str] = []
    by: AwareDatetime | None = None
    verify: list[str] = []
    disabled_reason: str | None = None
    charges_enabled: bool | None = None
    payouts_enabled: bool | None = None


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
            ("POST", "/_sim/disputes"): self._dispute,
            ("POST", "/_sim/disputes/{id}"): self._verdict,
            ("POST", "/_sim/payment_intents/{id}/authenticate"): self._authenticate,
            ("POST", "/_sim/setup_intents/{id}/authenticate"): self._authenticate_setup,
            ("POST", "/_sim/accounts/{id}"): self._account,
            ("POST", "/_sim/fail"): self._fail,
            ("GET", "/_sim/held"): lambda _id, _body: [{**held} for held in simulator.faults.held()],
            ("POST", "/_sim/release"): lambda _id, _body: {"released": simulator.faults.release()},
            ("POST", "/_sim/reset"): self._reset,
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

    def _dispute(self, _id: str, body: bytes) -> Json:
        command = _Dispute.model_validate_json(body)
        charge = self._sim.world.find("charge", command.charge, "charge")
        return open_dispute(self._sim.world, charge, command.reason)

    def _verdict(self, dispute_id: str, body: bytes) -> Json:
        verdict = _Verdict.model_validate_json(body).outcome
        return decide(self._sim.world, self._sim.world.find("dispute", dispute_id), verdict)

    def _authenticate(self, intent_id: str, body: bytes) -> Json:
        outcome = _Authentication.model_validate_json(body).outcome
        intent = self._sim.world.find("payment_intent", intent_id)
        require_status(intent, "authenticated", ("requires_action",))
        return authenticated(self._sim.world, intent, has_passed=outcome == "success")

    def _authenticate_setup(self, intent_id: str, body: bytes) -> Json:
        outcome = _Authentication.model_validate_json(body).outcome
        intent = self._sim.world.find("setup_intent", intent_id)
        require_status(intent, "authenticated", ("requires_action",))
        return authenticated_setup(self._sim.world, intent, has_passed=outcome == "success")

    def _account(self, account_id: str, body: bytes) -> Json:
        """Stripe, or the account's owner, does something about an account."""
        command, world = _Account.model_validate_json(body), self._sim.world
        account = world.find("account", account_id)
        if command.onboard:
            return onboard(world, account)
        standing = world.standings[account_id]
        if command.lift:
            standing.lift()
        by = None if command.by is None else int(command.by.timestamp())
        standing.demanded |= dict.fromkeys(command.require, by)
        standing.verifying += command.verify
        standing.reason = command.disabled_reason or standing.reason
        flags = command.model_dump(include={"charges_enabled", "payouts_enabled"}, exclude_none=True)
        standing.forced |= flags
        return changed(world, account)

    def _fail(self, _id: str, body: bytes) -> Json:
        command = _Fail.model_validate_json(body)
        self._sim.faults.arm(command.path, command.kind, command.times, command.method)
        return command.model_dump(mode="json")

    def _reset(self, _id: str, _body: bytes) -> Json:
        self._sim.reset()
        return {}


def _encoded(answer: Json) -> bytes:
    return json.dumps(answer, indent=2).encode()
