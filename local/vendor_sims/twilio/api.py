"""Twilio in memory: `Messages` and `Calls` of one account."""

import hmac
import re
from collections.abc import Callable
from urllib.parse import parse_qsl

from local.vendor_sims.twilio import calls, messages
from local.vendor_sims.twilio.account import API_VERSION, Account
from local.vendor_sims.twilio.errors import (
    internal,
    not_authenticated,
    not_found,
    not_simulated,
    refusal,
    wrong_method,
)
from local.vendor_sims.twilio.paging import page_of
from local.vendor_sims.wire import Answer, Json, Obj, Request

_PATH = re.compile(
    rf"/{API_VERSION}/Accounts/(?P<account>\w+)/(?P<kind>Messages|Calls)(/(?P<sid>\w+))?\.json"
)
_CREATE: dict[str, tuple[frozenset[str], Callable[[Account, Obj], Obj]]] = {
    "Messages": (messages.PARAMS, messages.create),
    "Calls": (calls.PARAMS, calls.create),
}


class Twilio:
    def __init__(self, account: Account) -> None:
        self.account = account
        self.kept: dict[str, dict[str, Obj]] = {"Messages": {}, "Calls": {}}
        self._said: dict[str, str] = {}

    def params(self, request: Request) -> Obj:
        source = request.query if request.method == "GET" else request.body.decode(errors="replace")
        decoded: Obj = {}
        for name, value in parse_qsl(source, keep_blank_values=True):
            before = decoded.get(name)
            if before is None:
                decoded[name] = value
            else:
                decoded[name] = [*before, value] if isinstance(before, list) else [before, value]
        return decoded

    def answer(self, request: Request, params: Obj) -> Answer:
        given = request.basic()
        if given is None or not hmac.compare_digest(
            f"{given[0]}:{given[1]}".encode(), f"{self.account.sid}:{self.account.auth_token}".encode()
        ):
            raise not_authenticated()
        match = _PATH.fullmatch(request.path)
        if match is None or match["account"] != self.account.sid:
            raise not_found(request.path)
        kind, sid = match["kind"], match["sid"]
        kept = self.kept[kind]
        if request.method == "GET" and sid is None:
            return Answer(200, page_of(list(kept.values()), kind.lower(), request.path, params))
        if request.method == "GET":
            if sid not in kept:
                raise not_found(request.path)
            return Answer(200, {**kept[sid]})
        if request.method != "POST" or sid is not None:
            raise wrong_method()
        return Answer(201, self._created(kind, request, params))

    def _created(self, kind: str, request: Request, params: Obj) -> Obj:
        if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
            raise refusal(20415, "Unsupported Media Type", 415)
        known, create = _CREATE[kind]
        if not set(params) <= known:
            raise not_simulated(set(params) - known)
        made = create(self.account, params)
        sid = str(made["sid"])
        self.kept[kind][sid] = made
        self._said[sid] = str(params.get("Twiml", ""))
        return {**made}

    def outbound(self) -> list[Json]:
        """What people got on their phones, or will, oldest first: resources, `twiml` with each call."""
        spoken = [{**call, "twiml": self._said[sid]} for sid, call in self.kept["Calls"].items()]
        written = [{**message} for message in self.kept["Messages"].values()]
        return [*written, *spoken]

    def failed(self) -> Answer:
        return internal()

    def tick(self) -> None:
        steps = self.account.steps
        while steps:
            steps.pop(0)()

    def clear(self) -> None:
        self.account.steps.clear()
        self.account.opted_out.clear()
        self.account.outcomes.clear()
        self._said.clear()
        for kept in self.kept.values():
            kept.clear()
