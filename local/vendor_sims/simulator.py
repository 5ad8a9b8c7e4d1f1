"""Twilio, SendGrid and Plaid in memory, each below its own path. Framework-free and safe between threads.

simulator = Simulator()
status, headers, body = simulator.handle("POST", "/plaid/identity_verification/get", {}, b"{}")
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import RLock

from local.simulating.faults import AFTER, BEFORE, Faults, Hang, Kind
from local.simulating.outbox import Outbox
from local.vendor_sims.control import Control
from local.vendor_sims.deliveries import Delivery, sent
from local.vendor_sims.plaid.api import Plaid
from local.vendor_sims.sendgrid.api import SendGrid
from local.vendor_sims.twilio.account import Account
from local.vendor_sims.twilio.api import Twilio
from local.vendor_sims.wire import Answer, Obj, Refusal, Request, Vendor

type HttpAnswer = tuple[int, dict[str, str], bytes]


class Simulator:
    """Until `start` no webhook is sent: they wait in `outbox` to be taken by hand."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.lock = RLock()
        self.faults = Faults()
        self.outbox: Outbox[Delivery] = Outbox(sent)
        self.requests: list[Obj] = []
        self.twilio = Twilio(Account(now=now, offer=self.outbox.offer))
        self.sendgrid = SendGrid(now, self.outbox.offer)
        self.plaid = Plaid(now, self.outbox.offer)
        self._vendors: Mapping[str, Vendor] = {
            "twilio": self.twilio,
            "sendgrid": self.sendgrid,
            "plaid": self.plaid,
        }
        self._control = Control(self)

    def start(self) -> None:
        """Send webhooks from now on."""
        self.outbox.start()

    def tick(self) -> None:
        """Messages are sent, calls ring, mails arrive."""
        with self.lock:
            for vendor in self._vendors.values():
                vendor.tick()

    def reset(self) -> None:
        """Forget everything but where webhooks go."""
        with self.lock:
            for vendor in self._vendors.values():
                vendor.clear()
            self.outbox.clear()
            self.faults.clear()
            self.requests.clear()

    def close(self) -> None:
        self.faults.clear()
        self.outbox.close()

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Answer one request; `path` may carry a query. Raises Hang where no answer is to come."""
        whole, _, query = path.partition("?")
        if whole.startswith("/_sim/"):
            return self._control.handle(method, whole, body)
        name, _, rest = whole.removeprefix("/").partition("/")
        vendor = self._vendors.get(name)
        if vendor is None:
            return 404, {"Content-Type": "text/plain"}, b"below /twilio, /sendgrid, /plaid or /_sim\n"
        request = Request(
            method=method,
            path=f"/{rest}",
            query=query,
            headers={header.lower(): value for header, value in headers.items()},
            body=body,
        )
        record: Obj = {"method": method, "path": whole, "params": {}, "status": None, "response": None}
        self.requests.append(record)
        try:
            answer = self._answered(vendor, request, record)
        except Hang:
            record["response"] = "the connection broke"
            raise
        record["status"], record["response"] = answer.status, answer.body
        kind = {} if answer.body is None else {"Content-Type": "application/json"}
        return answer.status, {**kind, **answer.headers}, answer.content()

    def _answered(self, vendor: Vendor, request: Request, record: Obj) -> Answer:
        fault = self.faults.next(request.method, str(record["path"]))
        if fault in BEFORE:
            self.faults.break_off(fault, request.method, str(record["path"]))
        answer = self._carried_out(vendor, request, record, fault)
        if fault in AFTER:
            self.faults.break_off(fault, request.method, str(record["path"]))
        return answer

    def _carried_out(self, vendor: Vendor, request: Request, record: Obj, fault: Kind | None) -> Answer:
        with self.lock:
            try:
                record["params"] = params = vendor.params(request)
                return vendor.failed() if fault is Kind.ERROR else vendor.answer(request, params)
            except Refusal as refusal:
                return refusal.answer
