"""The payout account's state machine as data, and when it is looked at."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from callsheet.connect.model import PayoutAccount, PayoutStatus
from callsheet.kernel.states import StateTable, Transition

CHECK = "account.check"
# How long an account that waits may be quiet before it is looked at, each time; after the last nobody does unasked.
CHECK_DELAYS = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=30),
)
# How old what we know may be when its owner looks.
_FRESH_WHILE_WAITING, _FRESH_WHILE_ACTIVE = timedelta(minutes=1), timedelta(days=1)
# Stripe keeps an idempotency key for 24 h at least (Stripe, "Idempotent requests").
KEY_HOLDS = timedelta(hours=23)
_CLOCKS_DIFFER = timedelta(minutes=5)
_KEY_ENDS = timedelta(hours=24)


class PayoutAction(StrEnum):
    ENABLE = "enable"
    RESTRICT = "restrict"
    REJECT = "reject"
    CLOSE = "close"
    REOPEN = "reopen"


_O, _A, _R, _X, _C = (
    PayoutStatus.ONBOARDING,
    PayoutStatus.ACTIVE,
    PayoutStatus.RESTRICTED,
    PayoutStatus.REJECTED,
    PayoutStatus.CLOSED,
)
_STRIPE, _OWNER = frozenset({"stripe"}), frozenset({"owner"})
_ENABLED = "transfers to it and payouts from it are enabled"
_DISABLED = "transfers to it or payouts from it are not enabled"
_REJECTED = "Stripe has rejected it"
_GONE = "Stripe knows it no longer"
_TOLD = ("tell the owner",)

PAYOUT_ACCOUNT: StateTable[PayoutStatus, PayoutAction] = StateTable(
    name="payout_account",
    initial=frozenset({_O}),
    terminal=frozenset(),
    transitions=(
        Transition(action=PayoutAction.ENABLE, source=_O, target=_A, who=_STRIPE, condition=_ENABLED),
        Transition(action=PayoutAction.ENABLE, source=_R, target=_A, who=_STRIPE, condition=_ENABLED),
        Transition(action=PayoutAction.ENABLE, source=_X, target=_A, who=_STRIPE, condition="Stripe took it back"),
        Transition(
            action=PayoutAction.RESTRICT, source=_A, target=_R, who=_STRIPE, condition=_DISABLED,
            effects=_TOLD, deadline=CHECK,
        ),
        Transition(
            action=PayoutAction.RESTRICT, source=_X, target=_R, who=_STRIPE, condition="Stripe took it back",
            effects=_TOLD, deadline=CHECK,
        ),
        Transition(action=PayoutAction.REJECT, source=_O, target=_X, who=_STRIPE, condition=_REJECTED, effects=_TOLD),
        Transition(action=PayoutAction.REJECT, source=_A, target=_X, who=_STRIPE, condition=_REJECTED, effects=_TOLD),
        Transition(action=PayoutAction.REJECT, source=_R, target=_X, who=_STRIPE, condition=_REJECTED, effects=_TOLD),
        Transition(action=PayoutAction.CLOSE, source=_O, target=_C, who=_STRIPE, condition=_GONE, effects=_TOLD),
        Transition(action=PayoutAction.CLOSE, source=_A, target=_C, who=_STRIPE, condition=_GONE, effects=_TOLD),
        Transition(action=PayoutAction.CLOSE, source=_R, target=_C, who=_STRIPE, condition=_GONE, effects=_TOLD),
        Transition(action=PayoutAction.CLOSE, source=_X, target=_C, who=_STRIPE, condition=_GONE, effects=_TOLD),
        Transition(
            action=PayoutAction.REOPEN, source=_C, target=_O, who=_OWNER, effects=("open another account",),
            deadline=CHECK,
        ),
    ),
)  # fmt: skip

# Something is still to come of these, whether we hear of it or not.
WAITING = frozenset({_O, _R})


def is_waiting(account: PayoutAccount) -> bool:
    """True where something is still to come: the account itself, or what makes it one that can be paid into."""
    return account.opening is not None or (account.account_id is not None and account.status in WAITING)


def is_seldom_looked_at(account: PayoutAccount) -> bool:
    """True where it waits, and looks at it have become rare."""
    return is_waiting(account) and account.checks > 0


def is_stale(account: PayoutAccount, now: datetime) -> bool:
    """True where it is time to look at Stripe again before its owner is told."""
    if account.status is _C:
        return False
    fresh = _FRESH_WHILE_ACTIVE if account.status is _A else _FRESH_WHILE_WAITING
    return account.looked_at is None or account.looked_at + fresh <= now


def next_check(checks: int, now: datetime) -> datetime | None:
    """When to look at an account that has been looked at `checks` times without its moving; None at the end."""
    return now + CHECK_DELAYS[checks] if checks < len(CHECK_DELAYS) else None


def opening_key(user_id: str, openings: int) -> str:
    """What Stripe is told, so that an account is made once: of another one for the same user, another word."""
    return f"account/{user_id}" if openings == 1 else f"account/{user_id}/{openings}"


def made_between(asked_at: datetime) -> tuple[datetime, datetime]:
    """When an account was made, if it was, that was asked for first at `asked_at`."""
    return asked_at - _CLOCKS_DIFFER, asked_at + _KEY_ENDS + _CLOCKS_DIFFER


def is_ours(url: str, origins: Iterable[str]) -> bool:
    """True where a URL leads to one of the app's origins, and nowhere else whoever reads it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() in {origin.lower() for origin in origins}
