"""The control plane, `/_sim/…`: what a test or a person may look at and disturb.

Bodies and answers are JSON. It asks for no key: the simulator listens on the loopback interface only.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.simulating.faults import Kind
from local.simulating.outbox import Mode
from local.vendor_sims.plaid.requests import Person
from local.vendor_sims.plaid.verifications import Status
from local.vendor_sims.twilio.account import Outcome
from local.vendor_sims.wire import Answer, Json, Obj, Refusal

if TYPE_CHECKING:
    from local.vendor_sims.simulator import Simulator

type HttpAnswer = tuple[int, dict[str, str], bytes]


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Webhooks(_Command):
    mode: Mode | None = None
    duplicate: int | None = Field(default=None, ge=0, le=100)
    shuffle: bool | None = None
    sendgrid_url: str | None = None
    plaid_url: str | None = None


class _Fail(_Command):
    path: str
    times: int = Field(default=1, ge=0)
    kind: Kind
    method: str | None = None


class _PhoneOutcome(_Command):
    """`status` as a message or a call ends; null: as usual again."""

    to: str
    status: Literal["undelivered", "failed", "busy", "no-answer"] | None
    error_code: int | None = None


class _OptOut(_Command):
    number: str
    is_opted_out: bool = True


class _MailOutcome(_Command):
    email: str
    outcome: Literal["bounce", "blocked"] | None


class _MailEvent(_Command):
    email: str
    event: Literal["spamreport", "unsubscribe"]


class _Link(_Command):
    link_token: str


class _Verdict(Person):
    status: Status = Field(strict=False)


class Control:
    """Answers `/_sim/…` for one simulator."""

    def __init__(self, simulator: "Simulator") -> None:
        self._sim = simulator
        self._acts: Mapping[tuple[str, str], Callable[[str, bytes], Json]] = {
            ("GET", "/_sim/health"): lambda _id, _body: {"status": "ok", "now": simulator.now().isoformat()},
            ("GET", "/_sim/requests"): lambda _id, _body: list[Json](simulator.requests),
            ("GET", "/_sim/messages"): lambda _id, _body: simulator.twilio.outbound(),
            ("GET", "/_sim/mails"): lambda _id, _body: list[Json](simulator.sendgrid.mails),
            ("GET", "/_sim/webhooks"): lambda _id, _body: self._webhooks_state(),
            ("POST", "/_sim/webhooks"): self._set_webhooks,
            ("POST", "/_sim/webhooks/flush"): lambda _id, _body: {"flushed": simulator.outbox.flush()},
            ("POST", "/_sim/fail"): self._fail,
            ("GET", "/_sim/held"): lambda _id, _body: [{**held} for held in simulator.faults.held()],
            ("POST", "/_sim/release"): lambda _id, _body: {"released": simulator.faults.release()},
            ("POST", "/_sim/reset"): self._reset,
            ("POST", "/_sim/twilio/outcomes"): self._phone_outcome,
            ("POST", "/_sim/twilio/opt_outs"): self._opt_out,
            ("POST", "/_sim/sendgrid/outcomes"): self._mail_outcome,
            ("POST", "/_sim/sendgrid/events"): self._mail_event,
            ("POST", "/_sim/plaid/sessions"): self._open_link,
            ("POST", "/_sim/plaid/identity_verifications/{id}"): self._decide,
        }

    def handle(self, method: str, path: str, body: bytes) -> HttpAnswer:
        try:
            answer = Answer(200, self._answered(method, path, body))
        except Refusal as refusal:
            answer = refusal.answer
        except ValidationError as error:
            details = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            answer = Answer(400, {"error": details})
        return answer.status, {"Content-Type": "application/json"}, json.dumps(answer.body, indent=2).encode()

    def _answered(self, method: str, path: str, body: bytes) -> Json:
        for (known, pattern), act in self._acts.items():
            match = re.fullmatch(pattern.replace("{id}", "([^/]+)"), path)
            if known == method and match is not None:
                with self._sim.lock:
                    return act(match[1] if match.groups() else "", body or b"{}")
        raise Refusal(Answer(404, {"error": f"there is no {method} {path}"}))

    def _webhooks_state(self) -> Obj:
        urls: Obj = {
            "sendgrid_url": self._sim.sendgrid.webhook_url,
            "plaid_url": self._sim.plaid.webhook_url,
        }
        return {**self._sim.outbox.state(), **urls}

    def _set_webhooks(self, _id: str, body: bytes) -> Json:
        command = _Webhooks.model_validate_json(body)
        self._sim.outbox.disturb(mode=command.mode, duplicate=command.duplicate, shuffle=command.shuffle)
        sendgrid, plaid = self._sim.sendgrid, self._sim.plaid
        sendgrid.webhook_url = command.sendgrid_url or sendgrid.webhook_url
        plaid.webhook_url = command.plaid_url or plaid.webhook_url
        return self._webhooks_state()

    def _fail(self, _id: str, body: bytes) -> Json:
        command = _Fail.model_validate_json(body)
        self._sim.faults.arm(command.path, command.kind, command.times, command.method)
        return command.model_dump(mode="json")

    def _reset(self, _id: str, _body: bytes) -> Json:
        self._sim.reset()
        return {}

    def _phone_outcome(self, _id: str, body: bytes) -> Json:
        command = _PhoneOutcome.model_validate_json(body)
        outcomes = self._sim.twilio.account.outcomes
        if command.status is None:
            outcomes.pop(command.to, None)
        else:
            outcomes[command.to] = Outcome(command.status, command.error_code)
        return command.model_dump()

    def _opt_out(self, _id: str, body: bytes) -> Json:
        """Somebody answers STOP, or START."""
        command = _OptOut.model_validate_json(body)
        opted_out = self._sim.twilio.account.opted_out
        (opted_out.add if command.is_opted_out else opted_out.discard)(command.number)
        return command.model_dump()

    def _mail_outcome(self, _id: str, body: bytes) -> Json:
        command = _MailOutcome.model_validate_json(body)
        outcomes = self._sim.sendgrid.outcomes
        if command.outcome is None:
            outcomes.pop(command.email.lower(), None)
        else:
            outcomes[command.email.lower()] = command.outcome
        return command.model_dump()

    def _mail_event(self, _id: str, body: bytes) -> Json:
        command = _MailEvent.model_validate_json(body)
        if not self._sim.sendgrid.happen(command.email, command.event):
            raise Refusal(Answer(404, {"error": f"no mail has been sent to {command.email}"}))
        return command.model_dump()

    def _open_link(self, _id: str, body: bytes) -> Json:
        return self._sim.plaid.open_link(_Link.model_validate_json(body).link_token)

    def _decide(self, verification_id: str, body: bytes) -> Json:
        verdict = _Verdict.model_validate_json(body)
        entered = Person.model_validate(verdict.model_dump(exclude={"status"}, exclude_unset=True))
        return self._sim.plaid.decide(verification_id, verdict.status, entered)
