"""A receipt as it is issued: a booking with all that was added to it, and every cent that came of it or went back."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.bookings.amends import AmendmentKind
from callsheet.documents.model import DocumentKind, Heading, Party
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money

# `credit` is what the client's wallet has paid; `taken_back` what their bank has taken after a dispute that was lost.
type MoneyKind = Literal["payment", "refund", "credit", "credit_returned", "refund_failed", "taken_back"]
type Outcome = Literal["open", "won", "lost"]


class ReceiptLine(BaseModel):
    model_config = FROZEN

    key: str
    title: str
    amount: Money


class TaxLine(BaseModel):
    """One tax on one part. `percentage` is None where only the tax is known, not by which rate."""

    model_config = FROZEN

    part: str = Field(description="service or fee")
    jurisdiction: str
    percentage: str | None = None
    taxable: Money
    amount: Money


class MoneyMoved(BaseModel):
    """What has come from the client, or has gone back to them (negative)."""

    model_config = FROZEN

    kind: MoneyKind
    moved_on: date
    reference: str | None = Field(
        default=None, description="The object at the payment provider; none of credit"
    )
    amendment_id: str | None = Field(default=None, description="Which amendment it was for, if for one")
    amount: Money


class Disputed(BaseModel):
    """What a cardholder's bank has taken until it decides. Only what was lost counts as gone."""

    model_config = FROZEN

    reference: str
    amendment_id: str | None = None
    amount: Money
    outcome: Outcome
    opened_on: date
    closed_on: date | None = None


class Cancelled(BaseModel):
    """It does not take place; `fee` is what of the price stays paid all the same."""

    model_config = FROZEN

    cancelled_on: date
    fee: Money


class Billed(BaseModel):
    """What was sold, what it cost, and what of that is paid."""

    model_config = FROZEN

    lines: tuple[ReceiptLine, ...]
    subtotal: Money
    client_fee: Money
    taxes: tuple[TaxLine, ...]
    tax: Money = Field(description="All taxes together")
    total: Money
    cancellation: Cancelled | None = None


class BilledAmendment(Billed):
    """A change order or overtime, paid by itself."""

    id: str
    kind: AmendmentKind
    minutes: int | None = Field(default=None, description="Of overtime")
    agreed_on: date
    paid: Money = Field(description="What was paid for it and has not gone back")


class Receipt(Heading, Billed):
    """What a client has paid for one booking and its amendments. Days are UTC's.

    Lines, taxes and `total` are the booking's own; sums at the end are of everything together:
    `charged` and `credit_used` less `refunded` and `taken_back` are `paid`.
    """

    kind: Literal[DocumentKind.RECEIPT] = DocumentKind.RECEIPT
    booking_id: str
    client: Party
    provider: Party
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    amendments: tuple[BilledAmendment, ...] = ()
    moved: tuple[MoneyMoved, ...]
    disputes: tuple[Disputed, ...] = ()
    charged: Money = Field(description="What cards have paid")
    credit_used: Money = Field(description="What credit has paid")
    refunded: Money = Field(description="What has gone back, to the card and as credit")
    taken_back: Money = Field(description="What the cardholder's bank has taken back for good")
    paid: Money = Field(description="What was paid and has not gone back")
