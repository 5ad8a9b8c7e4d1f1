"""What Stripe still wants to know of a connected account, and what that lets it do (Stripe, "Handle verification").

A new account has told nothing: all is past due, and no capability is active. Later Stripe may ask for more, until a
deadline or at once, or may stop an account for reasons of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from local.stripe_sim.shapes import Json, Obj

_LISTS = ("currently_due", "eventually_due", "past_due", "pending_verification")
PAST_DUE, PENDING = "requirements.past_due", "requirements.pending_verification"
# What a person in the United States is asked for; a company's list is longer, and as good to have something due.
AT_FIRST = (
    "business_profile.mcc",
    "business_profile.url",
    "business_type",
    "external_account",
    "individual.address.city",
    "individual.address.line1",
    "individual.address.postal_code",
    "individual.dob.day",
    "individual.dob.month",
    "individual.dob.year",
    "individual.email",
    "individual.first_name",
    "individual.last_name",
    "individual.phone",
    "tos_acceptance.date",
    "tos_acceptance.ip",
)


@dataclass(slots=True)
class Standing:
    """`missing` was never given; `demanded` is asked for later, by a time or (None) at once."""

    missing: list[str] = field(default_factory=lambda: list(AT_FIRST))
    requested: list[str] = field(default_factory=list)  # capabilities
    demanded: dict[str, int | None] = field(default_factory=dict)
    verifying: list[str] = field(default_factory=list)
    reason: str | None = None  # why Stripe stopped it
    forced: Obj = field(default_factory=dict)  # what the control plane wants otherwise

    @property
    def is_submitted(self) -> bool:
        """Whether the first form was ever completed, but for where the money goes."""
        return not set(self.missing) - {"external_account"}

    def provide(self, names: Iterable[str]) -> None:
        given = set(names)
        self.missing = [name for name in self.missing if not _is_given(name, given)]
        self.demanded = {name: by for name, by in self.demanded.items() if not _is_given(name, given)}

    def complete(self) -> None:
        """All is told and verified."""
        self.missing, self.verifying = [], []
        self.lift()

    def lift(self) -> None:
        """Stripe asks for nothing more than at first, and has nothing against it."""
        self.demanded, self.verifying, self.reason, self.forced = {}, [], None, {}

    def seen(self, now: int) -> dict[str, Json]:
        """The account's attributes that follow."""
        due = [name for name, by in self.demanded.items() if by is None or by <= now]
        past_due = [*self.missing, *due]
        currently = [*self.missing, *self.demanded]
        reason = self._reason(past_due)
        is_stopped = reason is not None
        capabilities: Obj = dict.fromkeys(self.requested, "inactive" if is_stopped else "active")
        deadlines = [by for name, by in self.demanded.items() if by is not None and name not in due]
        requirements = no_requirements() | {
            "current_deadline": min(deadlines, default=None),
            "currently_due": list[Json](currently),
            "disabled_reason": reason,
            "errors": _errors(self.demanded),
            "eventually_due": list[Json](currently),
            "past_due": list[Json](past_due),
            "pending_verification": list[Json](self.verifying),
        }
        has_any = "active" in capabilities.values()
        seen: dict[str, Json] = {
            "capabilities": capabilities,
            "charges_enabled": has_any,
            "details_submitted": self.is_submitted,
            "payouts_enabled": has_any,
            "requirements": requirements,
        }
        return seen | self.forced

    def _reason(self, past_due: list[str]) -> str | None:
        if self.reason is not None and (past_due or not self.demanded):
            return self.reason
        if past_due:
            return PAST_DUE
        return PENDING if self.verifying else None


def _is_given(name: str, given: set[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in given)


def _errors(demanded: Iterable[str]) -> list[Json]:
    """Why what was told does not do; only documents are wrong, the rest is new."""
    return [
        {
            "code": "verification_document_failed_copy",
            "reason": "Copies (including photos or scans) of the original document cannot be read.",
            "requirement": name,
        }
        for name in demanded
        if "document" in name
    ]


def no_requirements() -> Obj:
    empty: dict[str, Json] = {name: [] for name in (*_LISTS, "alternatives", "errors")}
    return {"current_deadline": None, "disabled_reason": None} | empty
