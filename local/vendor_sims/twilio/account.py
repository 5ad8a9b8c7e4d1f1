"""The account that all resources of Twilio belong to, and what is known of phone numbers."""

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from urllib.parse import urlencode, urlsplit

from local.vendor_sims.deliveries import Delivery
from local.vendor_sims.twilio.errors import refusal
from local.vendor_sims.twilio.numbers import MAGIC_SENDER
from local.vendor_sims.wire import Now, token

API_VERSION = "2010-04-01"
ACCOUNT_SID = "AC" + "ca115ee7" * 4
AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
ERROR_MESSAGES = {
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
}

type Offer = Callable[[Delivery], None]
type Steps = list[Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How what is sent or dialled to a number ends."""

    status: str
    error_code: int | None = None


@dataclass(slots=True, kw_only=True)
class Account:
    """`steps` is what still has to happen, in order."""

    now: Now
    offer: Offer
    sid: str = ACCOUNT_SID
    auth_token: str = AUTH_TOKEN
    numbers: frozenset[str] = frozenset({MAGIC_SENDER})
    opted_out: set[str] = field(default_factory=set)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    steps: Steps = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/{API_VERSION}/Accounts/{self.sid}"

    def date(self) -> str:
        """Now, as RFC 2822 has it."""
        return format_datetime(self.now())

    def tell(self, url: str, params: Mapping[str, str], method: str = "POST") -> None:
        """A status callback. Twilio does not repeat one that was not taken."""
        body = urlencode(params)
        if method == "GET":
            url, body = f"{url}{'&' if urlsplit(url).query else '?'}{body}", ""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": token(32),
            "X-Twilio-Signature": signature(self.auth_token, url, params if method == "POST" else {}),
        }
        self.offer(
            Delivery(
                vendor="twilio",
                url=url,
                method=method,
                payload=body.encode(),
                sign=lambda: headers,
                is_repeated=False,
            )
        )


def signature(auth_token: str, url: str, params: Mapping[str, str]) -> str:
    """Twilio, "Security": HMAC-SHA1 over the URL and the sorted parameters, names and values end to end."""
    signed = url + "".join(f"{name}{params[name]}" for name in sorted(params))
    return base64.b64encode(hmac.digest(auth_token.encode(), signed.encode(), "sha1")).decode()


def check_callback(url: str, code: int = 21609) -> None:
    """Raises Refusal for what is no URL that could be called back."""
    try:
        is_url = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
    except ValueError:
        is_url = False
    if url and not is_url:
        raise refusal(code, f"The StatusCallback URL {url} is not a valid URL.")
