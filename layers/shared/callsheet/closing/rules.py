"""What differs and how, who may mend it, and the states of closes and adjustments: pure decisions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from callsheet.closing.model import (
    AdjustmentStatus,
    CloseStatus,
    Difference,
    DifferenceKind,
    Movement,
)
from callsheet.kernel.money import Money
from callsheet.kernel.states import StateTable, Transition

# Webhooks and repairs have this long before a day that has ended is looked at.
CLOSES_AFTER = timedelta(hours=3)
# Days that nobody has closed are caught up with this far back.
LOOKS_BACK_DAYS = 3
RUNS_AGAIN_AFTER = timedelta(hours=6)
# A run that has not moved for so long has lost its message.
QUIET_AFTER = timedelta(minutes=30)
# A run that takes longer is a failed close: payouts wait for it too (numbers.md, "Money").
STALLS_AFTER = timedelta(hours=6)
PROPOSAL_KEPT = timedelta(days=7)
STALL_DEADLINE, PROPOSAL_DEADLINE = "closing.stalled", "closing.proposal"


class CloseAction(StrEnum):
    AGREE = "agree"
    DIFFER = "differ"
    SETTLE = "settle"
    MEND = "mend"
    RUN = "run"


class AdjustmentAction(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    EXPIRE = "expire"


_SYSTEM, _FINANCE = frozenset({"system"}), frozenset({"finance"})
_ANYBODY = _SYSTEM | _FINANCE
_RUNNING, _CLEAN = CloseStatus.RUNNING, CloseStatus.CLEAN
_DIFFERING, _MENDED = CloseStatus.DIFFERING, CloseStatus.MENDED

CLOSE: StateTable[CloseStatus, CloseAction] = StateTable(
    name="close",
    initial=frozenset({_RUNNING}),
    terminal=frozenset({_CLEAN, _MENDED}),
    transitions=(
        Transition(
            action=CloseAction.AGREE, source=_RUNNING, target=_CLEAN, who=_SYSTEM,
            condition="nothing differs, and nothing ever did", effects=("let payouts leave",),
        ),
        Transition(
            action=CloseAction.SETTLE, source=_RUNNING, target=_MENDED, who=_SYSTEM,
            condition="nothing differs any more", effects=("let payouts leave",),
        ),
        Transition(
            action=CloseAction.DIFFER, source=_RUNNING, target=_DIFFERING, who=_SYSTEM,
            condition="something differs", effects=("keep payouts back",),
        ),
        Transition(
            action=CloseAction.MEND, source=_DIFFERING, target=_MENDED, who=_FINANCE,
            condition="the last open difference is adjusted", effects=("let payouts leave",),
        ),
        *(
            Transition(
                action=CloseAction.RUN, source=source, target=_RUNNING, who=_ANYBODY, deadline=STALL_DEADLINE,
            )
            for source in (_CLEAN, _DIFFERING, _MENDED)
        ),
    ),
)  # fmt: skip

ADJUSTMENT: StateTable[AdjustmentStatus, AdjustmentAction] = StateTable(
    name="adjustment",
    initial=frozenset({AdjustmentStatus.PROPOSED, AdjustmentStatus.POSTED}),
    terminal=frozenset({AdjustmentStatus.POSTED, AdjustmentStatus.REJECTED, AdjustmentStatus.EXPIRED}),
    transitions=(
        Transition(
            action=AdjustmentAction.APPROVE, source=AdjustmentStatus.PROPOSED, target=AdjustmentStatus.POSTED,
            who=frozenset({"second person"}), condition="what is open is still what was proposed",
            effects=("post to the ledger", "close the difference"),
        ),
        Transition(
            action=AdjustmentAction.REJECT, source=AdjustmentStatus.PROPOSED, target=AdjustmentStatus.REJECTED,
            who=frozenset({"proposer", "second person"}),
        ),
        Transition(
            action=AdjustmentAction.EXPIRE, source=AdjustmentStatus.PROPOSED, target=AdjustmentStatus.EXPIRED,
            who=_SYSTEM, condition="seven days after it was proposed",
        ),
    ),
)  # fmt: skip


def sums_of(movements: Iterable[Movement]) -> dict[str, int]:
    """What was moved, in minor units by currency; currencies that came to nothing are left out."""
    sums: Counter[str] = Counter()
    for movement in movements:
        sums[movement.amount.currency] += movement.amount.amount_minor
    return {currency: minor for currency, minor in sums.items() if minor}


def agree(stripe: Iterable[Movement], ledger: Iterable[Movement]) -> bool:
    """True where both sides have moved the same, in every currency."""
    return sums_of(stripe) == sums_of(ledger)


def kind_of(stripe: tuple[Movement, ...], ledger: tuple[Movement, ...]) -> DifferenceKind:
    """How two sides differ that do not agree."""
    if not ledger:
        return DifferenceKind.MISSING
    if not stripe:
        return DifferenceKind.EXTRA
    if _is_repeated(ledger, stripe) or _is_repeated(stripe, ledger):
        return DifferenceKind.DUPLICATE
    if {movement.amount.currency for movement in stripe} != {movement.amount.currency for movement in ledger}:
        return DifferenceKind.CURRENCY
    return DifferenceKind.AMOUNT


def _is_repeated(side: tuple[Movement, ...], other: tuple[Movement, ...]) -> bool:
    """True where `side` would agree if it had each of its amounts once."""
    once = {movement.amount: movement for movement in side}
    return len(once) < len(side) and agree(once.values(), other)


def still_open(stripe: Iterable[Movement], ledger: Iterable[Movement]) -> tuple[Money, ...]:
    """What Stripe's cash has to gain in the ledger, so that it agrees; one amount a currency."""
    return _gap(sums_of(stripe), sums_of(ledger))


def left_by(difference: Difference) -> tuple[Money, ...]:
    """The same, as it was when the difference was written down."""
    return _gap(_by_currency(difference.stripe), _by_currency(difference.ledger))


def _by_currency(amounts: Iterable[Money]) -> dict[str, int]:
    return {amount.currency: amount.amount_minor for amount in amounts}


def _gap(there: Mapping[str, int], here: Mapping[str, int]) -> tuple[Money, ...]:
    missing = {currency: there.get(currency, 0) - here.get(currency, 0) for currency in {*there, *here}}
    return as_amounts({currency: minor for currency, minor in missing.items() if minor})


def as_amounts(sums: Mapping[str, int]) -> tuple[Money, ...]:
    return tuple(Money.of(minor, currency) for currency, minor in sorted(sums.items()))


def outcome_of(open_differences: int, settled: int) -> CloseAction:
    """How a run ends."""
    if open_differences:
        return CloseAction.DIFFER
    return CloseAction.SETTLE if settled else CloseAction.AGREE


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """From its midnight (UTC) on, and before the next."""
    since = datetime.combine(day, time(), UTC)
    return since, since + timedelta(days=1)


def is_over(day: date, now: datetime) -> bool:
    return bounds_of(day)[1] <= now


def days_to_look_at(now: datetime) -> tuple[date, ...]:
    """The latest days that ended long enough ago to be closed, the oldest first."""
    last = (now - CLOSES_AFTER).astimezone(UTC).date()
    return tuple(last - timedelta(days=back) for back in range(LOOKS_BACK_DAYS, 0, -1))
