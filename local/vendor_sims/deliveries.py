"""Webhooks of these vendors: what is sent where, signed at the moment of sending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from local.simulating.outbox import is_taken, posted

type Sign = Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`sign` gives the headers anew for each attempt. Not every vendor tries again (`is_repeated`)."""

    vendor: str
    url: str
    payload: bytes
    sign: Sign = field(repr=False, compare=False)
    method: str = "POST"
    is_repeated: bool = True

    def headers(self) -> dict[str, str]:
        return dict(self.sign())


def sent(delivery: Delivery) -> bool:
    """Whether that was the last of it."""
    was_taken = is_taken(
        lambda: posted(delivery.url, delivery.payload, delivery.headers(), method=delivery.method)
    )
    return was_taken or not delivery.is_repeated
