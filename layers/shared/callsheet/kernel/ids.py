"""Prefixed ULIDs: sortable by birth, typed by prefix (`bkg_01J…`)."""

import re
from collections.abc import Callable
from typing import NewType
from uuid import UUID

from ulid import ULID

UserId = NewType("UserId", str)
ProfileId = NewType("ProfileId", str)
ServiceId = NewType("ServiceId", str)
BookingId = NewType("BookingId", str)
QuoteId = NewType("QuoteId", str)
PaymentId = NewType("PaymentId", str)
MediaId = NewType("MediaId", str)
EventId = NewType("EventId", str)

type IdMaker = Callable[[str], str]

_ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
_ID = re.compile(f"^[a-z]{{3}}_{_ULID}$")


def new_id(prefix: str) -> str:
    """A new id such as `bkg_01J9…`; `prefix` is three lower-case letters."""
    return f"{prefix}_{ULID()}"


def id_pattern(prefix: str) -> str:
    """The regular expression (JSON Schema flavour) of ids with this prefix."""
    return f"^{prefix}_{_ULID}$"


def has_prefix(value: str, prefix: str) -> bool:
    """True where `value` is a well-formed id of that prefix."""
    return value.startswith(prefix + "_") and _ID.match(value) is not None


def user_id_of(subject: str) -> UserId:
    """The user id of an identity provider's subject (a UUID): the same 128 bits, so that no read is needed.

    Raises ValueError where the subject is not a UUID.
    """
    return UserId(f"usr_{ULID.from_bytes(UUID(subject).bytes)}")
