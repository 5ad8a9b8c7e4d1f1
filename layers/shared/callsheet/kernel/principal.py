"""Who asks: the person or part in whose name a use case runs."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import UserId


class Role(StrEnum):
    """Cognito groups. Every signed-in user may act as a client or fan."""

    CLIENT = "client"
    PROVIDER = "provider"
    STUDIO_OWNER = "studio_owner"
    CREATOR = "creator"
    FAN = "fan"
    SUPPORT = "support"
    FINANCE = "finance"
    ADMIN = "admin"


class ActorType(StrEnum):
    USER = "user"
    SYSTEM = "system"
    STRIPE = "stripe"


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An `Idempotency-Key` as one caller sent it: the record's key and the fingerprint of what was asked."""

    record_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of a use case, with what its events must say about where they came from.

    `request_key` is present where the caller sent an `Idempotency-Key`.
    """

    id: str
    type: ActorType = ActorType.USER
    roles: frozenset[Role] = frozenset()
    correlation_id: str = ""
    causation_id: str | None = None
    request_key: RequestKey | None = None

    @property
    def user_id(self) -> UserId:
        """The caller's user id; Forbidden for a part of the system."""
        if self.type is not ActorType.USER:
            raise Forbidden("Only a signed-in user may do this")
        return UserId(self.id)

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    def has_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    def without_request_key(self) -> Self:
        return replace(self, request_key=None)


def system(name: str, correlation_id: str = "", causation_id: str | None = None) -> Principal:
    """A part of Callsheet acting on its own, e.g. `system("sweeper")`."""
    return Principal(name, ActorType.SYSTEM, correlation_id=correlation_id, causation_id=causation_id)
