"""SendGrid in memory: mails, the events that tell of them, and the lists of those who get none."""

import hmac
import json
import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl, unquote

from local.vendor_sims.deliveries import Delivery
from local.vendor_sims.keys import p256_key, public_base64, signed_base64
from local.vendor_sims.sendgrid.checks import problems
from local.vendor_sims.sendgrid.errors import Problem, internal, not_authenticated, not_found, refusal
from local.vendor_sims.sendgrid.events import Sent, message_id
from local.vendor_sims.sendgrid.mail import Mail, read
from local.vendor_sims.sendgrid.suppressions import Suppressions
from local.vendor_sims.wire import Answer, Now, Obj, Request

API_KEY = "SG.callsheet.local"
BOUNCING_DOMAIN = "bounce.example"
_LARGEST_BYTES = 30 * 1024 * 1024
_SUPPRESSION = re.compile(r"/v3/suppression/(bounces|spam_reports|unsubscribes)(?:/([^/]+))?")
_KEY = p256_key("sendgrid event webhook")
PUBLIC_KEY = public_base64(_KEY)


class SendGrid:
    def __init__(self, now: Now, offer: Callable[[Delivery], None], api_key: str = API_KEY) -> None:
        self._now, self._offer, self._api_key = now, offer, api_key
        self.webhook_url: str | None = None
        self.mails: list[Obj] = []
        self.outcomes: dict[str, str] = {}  # of addresses: `bounce` or `blocked`
        self.suppressions = Suppressions()
        self._accepted: list[list[Sent]] = []
        self._last: dict[str, Sent] = {}  # to an address

    def params(self, request: Request) -> Obj:
        if request.method == "GET":
            return dict(parse_qsl(request.query))
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise refusal([Problem("Bad Request")])
        return body

    def answer(self, request: Request, params: Obj) -> Answer:
        key = request.bearer()
        if key is None or not hmac.compare_digest(key.encode(), self._api_key.encode()):
            raise not_authenticated(key)
        if len(request.body) > _LARGEST_BYTES:
            raise refusal([Problem("The JSON payload is too large.")], 413)
        if request.path == "/v3/mail/send" and request.method == "POST":
            return self._send(request, params)
        if request.path == "/v3/user/webhooks/event/settings/signed" and request.method == "GET":
            return Answer(200, {"public_key": PUBLIC_KEY})
        match = _SUPPRESSION.fullmatch(request.path)
        if match is None:
            raise not_found()
        email = None if match[2] is None else unquote(match[2])
        return self.suppressions.answer(request.method, match[1], email, params)

    def happen(self, email: str, event: str) -> bool:
        """Somebody reports a mail as spam, or unsubscribes; False where none was sent to them."""
        sent = self._last.get(email.lower())
        if sent is None:
            return False
        at = self._timestamp()
        name, told = (
            ("spam_reports", sent.spam_reported(at))
            if event == "spamreport"
            else ("unsubscribes", sent.unsubscribed(at))
        )
        self.suppressions.add(name, email, at)
        self._tell([told])
        return True

    def failed(self) -> Answer:
        return internal()

    def tick(self) -> None:
        """Each mail goes out, and SendGrid tells what became of it in one post."""
        accepted, self._accepted = self._accepted, []
        for sents in accepted:
            self._tell([event for sent in sents for event in self._events(sent)])

    def clear(self) -> None:
        self.mails.clear()
        self.outcomes.clear()
        self.suppressions.clear()
        self._accepted.clear()
        self._last.clear()

    def _send(self, request: Request, params: Obj) -> Answer:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise refusal([Problem("Content-Type should be application/json.")], 415)
        mail = read(params)
        found = list(problems(mail))
        if found:
            raise refusal(found)
        if mail.mail_settings.sandbox_mode.enable:
            return Answer(200)
        own_id = message_id()
        self._accepted.append(
            [
                Sent(
                    message_id=own_id,
                    number=number,
                    email=address.email,
                    categories=tuple(mail.categories),
                    custom_args=tuple({**mail.custom_args, **personalization.custom_args}.items()),
                )
                for number, personalization in enumerate(mail.personalizations)
                for address in personalization.recipients
            ]
        )
        self._keep(own_id, mail)
        return Answer(202, headers={"X-Message-Id": own_id})

    def _keep(self, own_id: str, mail: Mail) -> None:
        """For people and tests to look at: a mail a recipient, with what became of it."""
        said: Obj = mail.model_dump(
            mode="json", by_alias=True, exclude={"personalizations"}, exclude_unset=True
        )
        for personalization in mail.personalizations:
            own: Obj = personalization.model_dump(
                mode="json", by_alias=True, include={"subject", "dynamic_template_data"}, exclude_unset=True
            )
            for address in personalization.recipients:
                kept: Obj = {"message_id": own_id, "to": address.email, "name": address.name, "status": None}
                self.mails.append({**kept, **said, **own})

    def _events(self, sent: Sent) -> list[Obj]:
        at, address = self._timestamp(), sent.email.lower()
        suppressed_by = self.suppressions.of(address)
        if suppressed_by is not None:
            return self._ended(sent, "dropped", [sent.dropped(at, suppressed_by)])
        self._last[address] = sent
        outcome = self.outcomes.get(address, "bounce" if address.endswith(f"@{BOUNCING_DOMAIN}") else "")
        match outcome:
            case "bounce":
                bounce = sent.bounced(at)
                reason, status = str(bounce["reason"]), str(bounce["status"])
                self.suppressions.add("bounces", sent.email, at, reason=reason, status=status)
                return self._ended(sent, "bounced", [sent.processed(at), bounce])
            case "blocked":
                return self._ended(sent, "blocked", [sent.processed(at), sent.blocked(at)])
            case _:
                return self._ended(sent, "delivered", [sent.processed(at), sent.delivered(at)])

    def _ended(self, sent: Sent, status: str, events: list[Obj]) -> list[Obj]:
        for mail in self.mails:
            if mail["message_id"] == sent.message_id and mail["to"] == sent.email:
                mail["status"] = status
        return events

    def _tell(self, events: Sequence[Obj]) -> None:
        """Line ends and all: whoever verifies something else than the bytes that came should find out here."""
        if self.webhook_url is None:
            return
        payload = ("[" + ",\r\n".join(json.dumps(event) for event in events) + "]\r\n").encode()
        self._offer(
            Delivery(
                vendor="sendgrid", url=self.webhook_url, payload=payload, sign=lambda: self._signed(payload)
            )
        )

    def _signed(self, payload: bytes) -> dict[str, str]:
        timestamp = str(self._timestamp())
        return {
            "Content-Type": "application/json;charset=utf-8",
            "User-Agent": "SendGrid Event API",
            "X-Twilio-Email-Event-Webhook-Signature": signed_base64(_KEY, timestamp.encode() + payload),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        }

    def _timestamp(self) -> int:
        return int(self._now().timestamp())
