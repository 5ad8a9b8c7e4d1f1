"""`Calls`: a call that says what its TwiML says, from `queued` to `completed` (Twilio, "Calls resource")."""

from collections.abc import Sequence
from functools import partial

from local.vendor_sims.twilio.account import Account, Outcome, check_callback
from local.vendor_sims.twilio.errors import refusal
from local.vendor_sims.twilio.numbers import check_call
from local.vendor_sims.wire import Json, Obj, text, token

PARAMS = frozenset(
    {"To", "From", "Twiml", "StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod", "Timeout"}
)
_EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}  # all others: completed
_DURATION_SECONDS = 12
_LONGEST = 4000


def create(account: Account, params: Obj) -> Obj:
    """A call that waits to be dialled. Raises Refusal."""
    to, from_, twiml = (text(params, name) for name in ("To", "From", "Twiml"))
    if not to:
        raise refusal(21201, "No 'To' number is specified")
    if not from_:
        raise refusal(21213, "'From' phone number is required")
    if not twiml:
        raise refusal(21205, "Url parameter is required.")  # Twilio's words for neither Url nor Twiml
    if len(twiml) > _LONGEST:
        raise refusal(21628, f"Twiml may not be longer than {_LONGEST} characters")
    check_callback(text(params, "StatusCallback"))
    method = text(params, "StatusCallbackMethod") or "POST"
    if method not in {"GET", "POST"}:
        raise refusal(21403, f"Invalid StatusCallbackMethod: {method}")
    wanted = _wanted(params.get("StatusCallbackEvent"))
    check_call(to, from_, owned=account.numbers)
    call = _call(account, to=to, from_=from_)
    _Callbacks(account, call, text(params, "StatusCallback"), method, wanted).plan()
    return call


def _wanted(events: Json) -> tuple[str, ...]:
    """Events to be told of; one that is none is ignored with a warning, as at Twilio."""
    given = events if isinstance(events, list) else [events] if events else ["completed"]
    names = [name for several in given if isinstance(several, str) for name in several.split()]
    return tuple(name for name in names if name in {"initiated", "ringing", "answered", "completed"})


def _call(account: Account, *, to: str, from_: str) -> Obj:
    sid = f"CA{token(32)}"
    uri = f"{account.path}/Calls/{sid}"
    parts = ("notifications", "recordings", "payments", "events", "siprec", "streams", "transcriptions")
    names = {name: name.capitalize() for name in parts}
    return {
        "account_sid": account.sid,
        "answered_by": None,
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": account.date(),
        "date_updated": account.date(),
        "direction": "outbound-api",
        "duration": None,
        "end_time": None,
        "forwarded_from": None,
        "from": from_,
        "from_formatted": from_,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": sid,
        "start_time": None,
        "status": "queued",
        "subresource_uris": {name: f"{uri}/{path}.json" for name, path in names.items()},
        "to": to,
        "to_formatted": to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


class _Callbacks:
    """The way of one call, and who is told of it."""

    def __init__(self, account: Account, call: Obj, url: str, method: str, wanted: Sequence[str]) -> None:
        self._account, self._call, self._url, self._method = account, call, url, method
        self._wanted, self._told = wanted, 0

    def plan(self) -> None:
        end = self._account.outcomes.get(text(self._call, "to"), Outcome("completed")).status
        before: tuple[str, ...] = ("initiated", "ringing")
        if end == "completed":
            before = (*before, "in-progress")
        elif end == "failed":
            before = ("initiated",)
        for status in (*before, end):
            self._account.steps.append(partial(self._become, status))

    def _become(self, status: str) -> None:
        date = self._account.date()
        if status != "initiated":  # known to callbacks only: the resource is still queued
            self._call |= {"status": status, "date_updated": date}
        if status == "in-progress":
            self._call["start_time"] = date
        if status == "completed":
            self._call |= {"end_time": date, "duration": str(_DURATION_SECONDS), "price": "-0.01400"}
        if self._url and _EVENTS.get(status, "completed") in self._wanted:
            self._tell(status)

    def _tell(self, status: str) -> None:
        told = {
            "AccountSid": self._account.sid,
            "ApiVersion": "2010-04-01",
            "CallSid": text(self._call, "sid"),
            "CallStatus": status,
            "CallbackSource": "call-progress-events",
            "Called": text(self._call, "to"),
            "Caller": text(self._call, "from"),
            "Direction": "outbound-api",
            "From": text(self._call, "from"),
            "SequenceNumber": str(self._told),
            "Timestamp": self._account.date(),
            "To": text(self._call, "to"),
        }
        if status == "completed":
            told |= {"CallDuration": str(_DURATION_SECONDS), "Duration": "1"}
        self._told += 1
        self._account.tell(self._url, told, self._method)
