"""What is passed on to a provider for one booking, leg by leg, and on which terms."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.gateways.refusals import TransferRefusal
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Currency, Money, total


class TransferStatus(StrEnum):
    WAITING = "waiting"  # the client has paid; the work is not accepted yet
    DUE = "due"
    PAYING = "paying"  # Stripe is asked
    TRANSFERRED = "transferred"
    SETTLED = "settled"  # nothing is left to pay: all refunded, or netted against a debt


class Hold(StrEnum):
    """What keeps money back until somebody lifts it."""

    DISPUTE = "dispute"
    REFUND = "refund"
    FINANCE = "finance"


class Delay(StrEnum):
    """Why money that is due has not been paid yet, besides holds."""

    HELD = "held"
    CLOSE_FAILED = "close_failed"
    NEW_PROVIDER = "new_provider"
    ACCOUNT_NOT_READY = "account_not_ready"
    REFUSED = "refused"


class HoldRecord(BaseModel):
    """A hold, who put it there and why; system and Stripe have names too."""

    model_config = FROZEN

    hold: Hold
    placed_by: str
    placed_at: AwareDatetime
    reason: str | None = None
    lifted_by: str | None = None
    lifted_at: AwareDatetime | None = None
    lifted_for: str | None = None


class Claim(BaseModel):
    """What Stripe is about to be asked for, written down before it is."""

    model_config = FROZEN

    leg: int
    amount: Money
    account_id: str
    since: AwareDatetime


class ReversalPart(BaseModel):
    """What is to be taken back of one leg."""

    model_config = FROZEN

    leg: int
    amount: Money


class Reversal(BaseModel):
    """Which parts Stripe is still to be asked for, written down before it is; `cause` names the refund."""

    model_config = FROZEN

    cause: str
    parts: tuple[ReversalPart, ...]
    since: AwareDatetime


class Leg(BaseModel):
    """One transfer at Stripe: usually there is one a booking; what a reserve releases follows in another."""

    model_config = FROZEN

    number: int
    amount: Money
    stripe_transfer_id: str
    transferred_at: AwareDatetime
    reversed_minor: int = 0

    @property
    def left(self) -> Money:
        """What of it the provider still has."""
        return self.amount - Money.of(self.reversed_minor, self.amount.currency)


class Transfer(BaseModel):
    """The stored document, one a booking, from the capture on. `legs_claimed` counts every attempt's leg.

    `charged` is what the card has paid, which may be less than the provider gets: the rest was the client's credit.
    `reserved` is what is kept of it at this moment, `netted` what has gone into debts.
    """

    model_config = FROZEN

    id: str
    booking_id: str
    provider_id: str
    currency: Currency
    charge_id: str | None = None
    charged: Money | None = None
    status: TransferStatus = TransferStatus.WAITING
    created_at: AwareDatetime
    due_at: AwareDatetime | None = None
    next_look_at: AwareDatetime | None = None
    delay: Delay | None = None
    holds: tuple[HoldRecord, ...] = ()
    lifted_holds: tuple[HoldRecord, ...] = ()
    claim: Claim | None = None
    legs: tuple[Leg, ...] = ()
    reversal: Reversal | None = None
    taken_back: tuple[str, ...] = ()
    legs_claimed: int = 0
    refusals: int = 0
    refusal: TransferRefusal | None = None
    was_reserved: bool = False
    reserved: Money | None = None
    reserve_until: AwareDatetime | None = None
    netted: Money | None = None

    @property
    def transferred(self) -> Money:
        """What has reached the provider's account and was not taken back."""
        return total([leg.left for leg in self.legs], self.currency)

    def holds_without(self, hold: Hold) -> tuple[HoldRecord, ...]:
        """What else keeps it back."""
        return tuple(record for record in self.holds if record.hold is not hold)


class Standing(BaseModel):
    """On which terms a provider is paid: a reserve only where somebody decided it, with where that came from."""

    model_config = FROZEN

    reserve_percent: int = Field(default=0, ge=0, le=100)
    reserve_days: int = Field(default=0, ge=0, le=365)
    reason: str | None = None
    set_by: str | None = None
    set_at: AwareDatetime | None = None


def is_held_by_finance(transfer: Transfer) -> bool:
    """True while finance keeps the money back; a dispute does so by itself."""
    return any(record.hold is Hold.FINANCE for record in transfer.holds)
