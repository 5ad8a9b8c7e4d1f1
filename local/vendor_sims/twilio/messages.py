"""`Messages`: text messages, from `queued` to `delivered` (Twilio, "Messages resource")."""

from functools import partial

from local.vendor_sims.twilio.account import ERROR_MESSAGES, Account, Outcome, check_callback
from local.vendor_sims.twilio.errors import refusal
from local.vendor_sims.twilio.numbers import check_message
from local.vendor_sims.twilio.segments import segments
from local.vendor_sims.wire import Obj, text, token

PARAMS = frozenset({"To", "From", "MessagingServiceSid", "Body", "StatusCallback"})
_LONGEST = 1600
_PRICE = 79  # of a part, in ten-thousandths of a dollar


def create(account: Account, params: Obj) -> Obj:
    """A message that waits to be sent. Raises Refusal."""
    to, body, from_, service = (text(params, name) for name in ("To", "Body", "From", "MessagingServiceSid"))
    if not to:
        raise refusal(21604, "A 'To' phone number is required.")
    if not from_ and not service:
        raise refusal(21603, "A 'From' phone number is required.")
    if service and not service.startswith("MG"):
        raise refusal(21701, "The Messaging Service does not exist")
    if not body:
        raise refusal(21602, "Message body is required.")
    if len(body) > _LONGEST:
        raise refusal(21617, "The concatenated message body exceeds the 1600 character limit")
    check_callback(text(params, "StatusCallback"))
    check_message(to, from_, owned=account.numbers, opted_out=account.opted_out)
    message = _message(account, to=to, body=body, from_=from_, service=service)
    _plan(account, message, text(params, "StatusCallback"))
    return message


def _message(account: Account, *, to: str, body: str, from_: str, service: str) -> Obj:
    sid = f"SM{token(32)}"
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "body": body,
        "date_created": account.date(),
        "date_sent": None,
        "date_updated": account.date(),
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": from_ or None,
        "messaging_service_sid": service or None,
        "num_media": "0",
        # A service has not chosen a sender yet, so that nothing has been cut into parts.
        "num_segments": str(segments(body)) if from_ else "0",
        "price": None,
        "price_unit": "USD",
        "sid": sid,
        "status": "queued" if from_ else "accepted",
        "subresource_uris": {"media": f"{account.path}/Messages/{sid}/Media.json"},
        "to": to,
        "uri": f"{account.path}/Messages/{sid}.json",
    }


def _plan(account: Account, message: Obj, callback: str) -> None:
    end = account.outcomes.get(text(message, "to"), Outcome("delivered"))
    for status in ("failed",) if end.status == "failed" else ("sent", end.status):
        account.steps.append(partial(_become, account, message, status, end, callback))


def _become(account: Account, message: Obj, status: str, end: Outcome, callback: str) -> None:
    message |= {"status": status, "date_updated": account.date()}
    if not message["from"]:
        message["from"] = min(account.numbers)
        message["num_segments"] = str(segments(text(message, "body")))
    if status == "sent":
        message["date_sent"] = account.date()
        message["price"] = f"-{int(text(message, 'num_segments')) * _PRICE / 10_000:.5f}"
    if status in {"failed", "undelivered"}:
        message |= {"error_code": end.error_code, "error_message": ERROR_MESSAGES.get(end.error_code or 0)}
    if callback:
        account.tell(callback, _told(message))


def _told(message: Obj) -> dict[str, str]:
    sid, status = text(message, "sid"), text(message, "status")
    told = {
        "AccountSid": text(message, "account_sid"),
        "ApiVersion": text(message, "api_version"),
        "From": text(message, "from"),
        "MessageSid": sid,
        "MessageStatus": status,
        "SmsSid": sid,
        "SmsStatus": status,
        "To": text(message, "to"),
    }
    if message["error_code"] is not None:
        told["ErrorCode"] = str(message["error_code"])
    if message["messaging_service_sid"]:
        told["MessagingServiceSid"] = text(message, "messaging_service_sid")
    return told
