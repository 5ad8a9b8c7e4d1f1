"""Closes, what they found, and how it was mended: as they are stored, asked for and shown."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Currency, Money
from callsheet.kernel.text import Line

# Whatever an adjustment may be booked to: every account of ledger/accounts.py but Stripe's cash itself, those of single
# people and what is kept of their credit: that is kept beside the ledger too, and changes with it alone.
ADJUSTABLE = (
    "^(platform:(fees_deferred|fees_revenue|bank|suspense)|tax:(service|fee)_payable"
    "|expense:(processing|chargebacks|goodwill|referrals)|stripe:disputed)$"
)

type Reference = Annotated[str, Field(pattern="^[A-Za-z0-9_]{3,255}$", examples=["ch_3Mm0"])]


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of Stripe's cash, as Stripe or as the ledger has it: positive what came in."""

    reference: str
    id: str
    amount: Money


class CloseStatus(StrEnum):
    RUNNING = "running"
    CLEAN = "clean"  # nothing differed, in any of its runs
    DIFFERING = "differing"
    MENDED = "mended"  # something differed and no longer does


class Phase(StrEnum):
    """How far a run is."""

    COLLECTING = "collecting"  # Stripe's transactions are put into order
    COMPARING = "comparing"  # both sides are read in that order
    SETTLING = "settling"  # what earlier runs found and this one did not has come to agree
    OVER = "over"


class DifferenceKind(StrEnum):
    """How the two sides differ about one object of Stripe's, in all that it has ever moved."""

    MISSING = "missing"  # at Stripe, not in the ledger
    EXTRA = "extra"  # in the ledger, not at Stripe
    AMOUNT = "amount"
    CURRENCY = "currency"
    DUPLICATE = "duplicate"  # one side has the same movement more than once, and is right but for that


class DifferenceStatus(StrEnum):
    OPEN = "open"
    MENDED = "mended"  # by an adjustment
    AGREED = "agreed"  # a later run found that both sides agree


class AdjustmentStatus(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REJECTED = "rejected"
    EXPIRED = "expired"


class BalanceLine(BaseModel):
    """One currency when the run ended. What was under way in that moment may stand on one side alone."""

    model_config = FROZEN

    currency: Currency
    stripe_minor: int = Field(description="Available and pending at Stripe, in minor units")
    ledger_minor: int = Field(description="The balance of `stripe:cash`, in minor units")


class Tally(BaseModel):
    """What a run has seen. `matched`, `carried` and `differing` count Stripe's objects, and sum to all of them.

    `carried` agree over all days, though not within this one: one side has booked on the other side of a midnight.
    """

    model_config = FROZEN

    transactions: int = 0
    entries: int = 0
    matched: int = 0
    carried: int = 0
    differing: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        mine, others = self.model_dump(), other.model_dump()
        return Tally(**{name: count + others[name] for name, count in mine.items()})


class Close(BaseModel):
    """One day's close. `shard` and `position` say where its latest run, the `attempt`th, goes on.

    `open` counts the differences that are open, `settled` those that once were.
    """

    model_config = FROZEN

    day: date
    status: CloseStatus
    attempt: int
    phase: Phase = Phase.COLLECTING
    shard: int = 0
    position: str | None = None
    tally: Tally = Tally()
    open: int = 0
    settled: int = 0
    balances: tuple[BalanceLine, ...] = ()
    started_by: str
    started_at: AwareDatetime
    moved_at: AwareDatetime
    finished_at: AwareDatetime | None = None


class Difference(BaseModel):
    """One object of Stripe's about which the two sides differ. Sums are over all days, one a currency."""

    model_config = FROZEN

    day: date
    reference: str
    kind: DifferenceKind
    stripe: tuple[Money, ...] = Field(description="What the object has moved at Stripe, fees deducted")
    ledger: tuple[Money, ...] = Field(description="What its entries have moved on `stripe:cash`")
    transactions: tuple[str, ...] = Field(description="Stripe's balance transactions of the object")
    entries: tuple[str, ...] = Field(description="The ledger's entries that name it")
    status: DifferenceStatus = DifferenceStatus.OPEN
    attempt: int
    found_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    adjustment_id: str | None = Field(
        default=None, description="The adjustment that waits, or that closed the difference"
    )


class ProposeAdjustment(BaseModel):
    """How an open difference is to be booked. The amounts are what is open; nobody chooses them."""

    model_config = COMMAND

    reference: Reference
    account: str = Field(
        pattern=ADJUSTABLE, description="The account that takes what is open", examples=["expense:processing"]
    )
    reason: Line


class Adjustment(BaseModel):
    """A difference booked, or to be booked. `amounts` are what Stripe's cash gains; the account loses it."""

    model_config = FROZEN

    id: str = Field(pattern=id_pattern("adj"))
    day: date
    reference: str
    account: str
    amounts: tuple[Money, ...]
    reason: str
    status: AdjustmentStatus
    proposed_by: str
    proposed_at: AwareDatetime
    expires_at: AwareDatetime | None = Field(
        default=None, description="Until when a second person may approve it"
    )
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None


class CloseView(BaseModel):
    """One day's close, and how far its run is."""

    model_config = FROZEN

    day: date
    status: CloseStatus
    attempt: int = Field(description="How often the day has been run")
    phase: Phase
    tally: Tally
    open: int = Field(description="Differences that keep payouts back")
    settled: int = Field(description="Differences that were adjusted, or have come to agree")
    balances: tuple[BalanceLine, ...]
    started_by: str
    started_at: AwareDatetime
    finished_at: AwareDatetime | None


class DifferenceView(Difference):
    adjustment: Adjustment | None = None


class ClosePage(BaseModel):
    """Closes, the latest day first."""

    model_config = FROZEN

    items: tuple[CloseView, ...]
    next_cursor: str | None = None


class CloseReport(CloseView):
    """A close with its differences, by reference, page by page."""

    items: tuple[DifferenceView, ...]
    next_cursor: str | None = None
