"""Phone numbers: which may send and which refuse, the magic ones among them (Twilio, "Test credentials")."""

import re
from collections.abc import Set as AbstractSet

from local.vendor_sims.twilio.errors import refusal
from local.vendor_sims.wire import Refusal

MAGIC_SENDER = "+15005550006"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_INVALID, _UNROUTABLE, _FORBIDDEN, _BLOCKED = (f"+1500555000{last}" for last in range(1, 5))
_QUEUE_FULL, _NO_MOBILE = "+15005550008", "+15005550009"


def check_message(to: str, from_: str, *, owned: AbstractSet[str], opted_out: AbstractSet[str]) -> None:
    """Raises Refusal where Twilio would not take a message; an empty `from_` stands for a messaging service."""
    if from_:
        _check_sender(from_, owned)
    problem = _message_problem(to, from_)
    if problem is not None:
        raise refusal(*problem)
    if to == _BLOCKED or to in opted_out:
        raise refusal(21610, "Attempt to send to unsubscribed recipient")


def _check_sender(from_: str, owned: AbstractSet[str]) -> None:
    if from_ == _INVALID or not _E164.fullmatch(from_):
        raise refusal(
            21212,
            f"The 'From' number {from_} is not a valid phone number, shortcode, or alphanumeric sender ID.",
        )
    if from_ == _QUEUE_FULL:
        raise refusal(21611, "This 'From' number has exceeded the maximum number of queued messages")
    if from_ not in owned:
        raise refusal(
            21606,
            f"The 'From' phone number {from_} is not a valid, SMS-capable inbound phone number or short code for "
            "your account.",
        )


def _message_problem(to: str, from_: str) -> tuple[int, str] | None:
    if to == _INVALID or not _E164.fullmatch(to):
        return 21211, f"The 'To' number {to} is not a valid phone number."
    if to == _UNROUTABLE:
        return 21612, (
            f"The 'To' phone number: {to}, is not currently reachable using the 'From' phone number: {from_} via SMS."
        )
    if to == _FORBIDDEN:
        return 21408, (
            f"Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}."
        )
    if to == _NO_MOBILE:
        return 21614, f"'To' number: {to}, is not a mobile number"
    return None


def check_call(to: str, from_: str, *, owned: AbstractSet[str]) -> None:
    """Raises Refusal where Twilio would not dial."""
    if from_ == _INVALID or not _E164.fullmatch(from_):
        raise refusal(21212, f"The 'From' number {from_} is not a valid phone number.")
    if from_ not in owned:
        raise refusal(
            21210,
            f"The source phone number provided, {from_}, is not yet verified for your account. You may only make "
            "calls from phone numbers that you've verified or purchased from Twilio.",
        )
    problem = _call_problem(to)
    if problem is not None:
        raise problem


def _call_problem(to: str) -> Refusal | None:
    if to == _INVALID or not _E164.fullmatch(to):
        return refusal(21217, f"Phone number does not appear to be valid: {to}")
    if to == _UNROUTABLE:
        return refusal(21214, f"'To' phone number cannot be reached: {to}")
    if to == _FORBIDDEN:
        return refusal(21215, f"Account not authorized to call {to}.")
    if to == _BLOCKED:
        return refusal(21216, f"Account not allowed to call {to}")
    return None
