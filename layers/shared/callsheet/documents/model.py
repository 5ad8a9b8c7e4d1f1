"""Statements as they are issued, what is kept of every document, and what callers are shown; `receipt.py` has receipts.

A document holds all that it says, in the words of its day: nobody has to ask anything to read it. Its JSON is the
document; the PDF is how that looks.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Currency, Money
from callsheet.kernel.page import Page

type Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", examples=["2026-03"])]


class DocumentKind(StrEnum):
    RECEIPT = "receipt"
    STATEMENT = "statement"


class DocumentFormat(StrEnum):
    JSON = "json"
    PDF = "pdf"


class Party(BaseModel):
    """Somebody by their id and, where they have told one, their name on the day of issue."""

    model_config = FROZEN

    role: Literal["client", "provider"]
    id: str
    name: str | None = None


class Heading(BaseModel):
    """What every document says of itself. `replaces` names the version before, where something has changed since."""

    model_config = FROZEN

    id: str
    number: str
    version: int
    issued_at: AwareDatetime
    replaces: str | None = None


class MovementKind(StrEnum):
    """Why a provider's payable moves."""

    PAYMENT = "payment"
    REFUND = "refund"
    TRANSFER = "transfer"
    TRANSFER_REVERSED = "transfer_reversed"
    RESERVED = "reserved"
    RESERVE_RELEASED = "reserve_released"
    NETTED = "netted"
    DISPUTE = "dispute"
    ADJUSTMENT = "adjustment"
    OTHER = "other"


class Movement(BaseModel):
    """One journal entry as the provider sees it: positive where more is owed to them."""

    model_config = FROZEN

    entry_id: str
    kind: MovementKind
    posted_at: AwareDatetime
    subject: str
    reference: str | None = None
    amount: Money


class StatementBooking(BaseModel):
    """A booking that was completed or refunded in the month: what of it was the provider's."""

    model_config = FROZEN

    booking_id: str
    title: str
    completed_on: date | None = None
    refunded_on: date | None = None
    gross: Money = Field(description="The booking's subtotal, before the provider's fee")
    provider_fee: Money
    refunded: Money = Field(description="What refunds of this month have taken from the provider's share")
    net: Money = Field(description="Gross less fee and refund")


class Amount(BaseModel):
    """A sum in minor units; not a Money, which is bounded."""

    model_config = FROZEN

    kind: MovementKind
    amount_minor: int


class Balances(BaseModel):
    """What stands on a provider's accounts, in minor units, as they see it: what they owe is `owed_minor`."""

    model_config = FROZEN

    payable_minor: int = 0
    reserve_minor: int = 0
    owed_minor: int = 0


class CurrencyStatement(BaseModel):
    """One currency of a month: opening payable and all `sums` together are the closing one."""

    model_config = FROZEN

    currency: Currency
    opening: Balances
    bookings: tuple[StatementBooking, ...]
    gross_minor: int = Field(description="Of the bookings that clients have paid in this month")
    provider_fee_minor: int = Field(description="The provider's fee on those")
    movements: tuple[Movement, ...]
    sums: tuple[Amount, ...]
    closing: Balances


class Statement(Heading):
    """A provider's month, from its first moment to its last in UTC."""

    kind: Literal[DocumentKind.STATEMENT] = DocumentKind.STATEMENT
    month: Month
    provider: Party
    currencies: tuple[CurrencyStatement, ...]


class IssuedFile(BaseModel):
    """One file in the bucket `records`."""

    model_config = FROZEN

    key: str
    sha256: str
    size_bytes: int


class Issued(BaseModel):
    """One issued version, as it is stored: never changed, never taken back.

    `content` is the hash of what the document says, without number, version, day and names: where a later look finds
    the same, there is nothing to issue. `carried` are a statement's closing balances, which open the next one.
    """

    model_config = FROZEN

    id: str
    kind: DocumentKind
    number: str
    version: int
    issued_at: AwareDatetime
    owner_id: str
    booking_id: str | None = None
    month: str | None = None
    replaces: str | None = None
    content: str
    pdf: IssuedFile
    json_: IssuedFile
    carried: dict[str, Balances] = {}


class DocumentQuery(BaseModel):
    model_config = COMMAND

    format: DocumentFormat = DocumentFormat.PDF


class ReceiptQuery(DocumentQuery):
    version: int | None = Field(default=None, ge=1, description="The newest where absent")


class DocumentLink(BaseModel):
    """Where an issued document lies. `url` can be read by whoever has it, until `expires_at`."""

    model_config = FROZEN

    id: str
    number: str
    version: int
    issued_at: AwareDatetime
    replaces: str | None
    format: DocumentFormat
    url: str
    expires_at: AwareDatetime
    sha256: str = Field(description="Of the file, in hexadecimal")
    size_bytes: int


class StatementView(BaseModel):
    model_config = FROZEN

    id: str
    number: str
    version: int
    month: str
    issued_at: AwareDatetime
    replaces: str | None
    sha256: str = Field(description="Of the PDF, in hexadecimal")


class StatementPage(Page[StatementView]):
    """One page of statements, the newest month first."""


class HeardPayload(BaseModel):
    model_config = FROZEN

    booking_id: str = Field(pattern=id_pattern("bkg"))


class Heard(BaseModel):
    """An event of a booking or its money, as far as documents listen to it."""

    model_config = FROZEN

    event_id: str
    name: str
    occurred_at: AwareDatetime
    payload: HeardPayload


class StatementDue(BaseModel):
    """What `start_statements` asks for."""

    model_config = FROZEN

    provider_id: str = Field(pattern=id_pattern("usr"))
    month: Month
