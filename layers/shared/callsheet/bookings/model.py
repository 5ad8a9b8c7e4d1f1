"""A booking as it is stored, the commands that ask for something, and what callers are shown."""

from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from callsheet.bookings.amends import MOST_OVERTIME_MINUTES, Amendment, Amends
from callsheet.bookings.cancellation import CancellationPolicy
from callsheet.bookings.price import PriceLine, PriceSnapshot
from callsheet.bookings.rules import BookingStatus, CancelReason, Party
from callsheet.calendar.moments import UtcMoment
from callsheet.gateways.tax_details import TaxDetail
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Currency, Money
from callsheet.kernel.page import Page, PageQuery
from callsheet.kernel.text import Key
from callsheet.payments.model import PaymentStatus
from callsheet.payments.shares import RefundSplit

MAX_WHOLE_UNITS = 10**9

type ProviderKey = Annotated[
    str,
    Field(
        pattern=f"({id_pattern('usr')}|{id_pattern('prf')})", description="A user or one of their profiles"
    ),
]
type ServiceKey = Annotated[str, Field(pattern=id_pattern("svc"))]
type WholeUnits = Annotated[
    int,
    Field(strict=True, ge=1, le=MAX_WHOLE_UNITS, description="A direct offer, all included, in whole units"),
]
type Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Span(BaseModel):
    """From when until when; neither for a remote job, which holds no calendar."""

    model_config = COMMAND

    starts_at: UtcMoment | None = None
    ends_at: UtcMoment | None = Field(default=None, description="The service's own length where absent")

    @model_validator(mode="after")
    def _has_a_start(self) -> Self:
        if self.ends_at is not None and self.starts_at is None:
            raise ValueError("ends_at needs starts_at")
        return self


class Asked(Span):
    """What is asked for: an amount (a direct offer), or a service at its own price."""

    provider_id: ProviderKey
    service_id: ServiceKey | None = None
    amount: WholeUnits | None = None
    currency: Currency = Field(default="USD", description="Of the direct offer; ISO 4217")
    package: Key | None = Field(default=None, description="The service's package, by its key")
    extras: tuple[Key, ...] = Field(
        default=(), max_length=20, description="The service's extras, by their keys"
    )
    persons: int = Field(
        default=1, strict=True, ge=1, le=100, description="How many people extras are counted for"
    )

    @model_validator(mode="after")
    def _has_a_price(self) -> Self:
        if self.amount is None and self.service_id is None:
            raise ValueError("give an amount or a service_id")
        if self.amount is not None and (self.package or self.extras):
            raise ValueError("a direct offer names no package and no extras: the amount is all that is paid")
        if self.service_id is None and (self.starts_at is None) != (self.ends_at is None):
            raise ValueError("starts_at needs ends_at where no service says how long it takes")
        return self


class QuoteBooking(Asked):
    """What would it cost?"""


class CreateBooking(Asked):
    """A client asks a provider."""

    client_id: str | None = Field(
        default=None, pattern=id_pattern("usr"), description="The caller; an admin may name somebody else"
    )
    payment_method: str | None = Field(
        default=None,
        pattern="^(pm|card|src)_[A-Za-z0-9_]{1,250}$",
        description="Confirmed at once; without one the client confirms with the client_secret",
    )
    use_wallet: bool = Field(
        default=False,
        strict=True,
        description="The client's credit pays as much as there is, but for the least that a card can be charged",
    )
    note: Text | None = None
    overtime_minutes: int = Field(
        default=0,
        strict=True,
        ge=0,
        le=MOST_OVERTIME_MINUTES,
        description="Overtime the client agrees to pay without being asked again",
    )


class CancelRequest(BaseModel):
    """Why, in words, for the record; an admin may say which share of the subtotal goes back."""

    model_config = COMMAND

    reason: Text | None = None
    refund_percent: int | None = Field(
        default=None, strict=True, ge=0, le=100, description="Admins only; then `reason` is needed"
    )


class CancelBooking(CancelRequest):
    booking_id: str

    @classmethod
    def of(cls, booking_id: str, request: CancelRequest) -> Self:
        return cls(booking_id=booking_id, **request.model_dump())


class ProblemReport(BaseModel):
    """What was wrong, in the client's words."""

    model_config = COMMAND

    description: Text


class ReportProblem(ProblemReport):
    booking_id: str

    @classmethod
    def of(cls, booking_id: str, report: ProblemReport) -> Self:
        return cls(booking_id=booking_id, **report.model_dump())


class BookingQuery(PageQuery):
    """Which of the caller's bookings: as which party, in which status, starting when."""

    party: Party = Party.CLIENT
    status: BookingStatus | None = None
    starts_from: UtcMoment | None = Field(default=None, description="This moment or later")
    starts_before: UtcMoment | None = Field(default=None, description="Before this moment")

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.starts_from and self.starts_before and self.starts_before <= self.starts_from:
            raise ValueError("starts_before is later than starts_from")
        return self


class Cancellation(BaseModel):
    """How a booking ended before it began; `refund` is what the parties give back, None where nothing was taken.

    `refund_percent` is an admin's word on it, which holds for its amendments too.
    """

    model_config = FROZEN

    reason: CancelReason
    cancelled_at: AwareDatetime
    words: str | None = None
    refund: RefundSplit | None = None
    refund_percent: int | None = None


class Problem(BaseModel):
    model_config = FROZEN

    description: str
    reported_at: AwareDatetime


class Booking(BaseModel):
    """The stored document. Snapshots (`price`, `policy`) never change; times are UTC.

    A remote job has no `starts_at` and `ends_at`. `buffer_*` minutes before and after the span are held too.
    An amendment is a booking that `amends` another, which lists it among its `amendments`.
    """

    model_config = FROZEN

    id: str
    client_id: str
    provider_id: str
    profile_id: str
    service_id: str | None = None
    status: BookingStatus = BookingStatus.PENDING
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    price: PriceSnapshot
    policy: CancellationPolicy
    answer_hours: int
    acceptance_hours: int
    note: str | None = None
    created_at: AwareDatetime
    hold_until: AwareDatetime
    answer_by: AwareDatetime | None = None
    accepted_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    acceptance_until: AwareDatetime | None = None
    problem: Problem | None = None
    completed_at: AwareDatetime | None = None
    cancellation: Cancellation | None = None
    overtime_minutes: int = 0
    amends: Amends | None = None
    amendments: tuple[Amendment, ...] = ()


class MadeRefundView(BaseModel):
    """What went back to the client at once: to the card, but for `as_credit`."""

    model_config = FROZEN

    id: str
    amount: Money
    as_credit: Money | None = Field(
        default=None,
        description="What the card had not paid, could not get back, or the client's bank could not credit",
    )
    made_at: AwareDatetime
    failed_at: AwareDatetime | None = Field(default=None, description="When their bank sent it back")


class PaymentView(BaseModel):
    """The money of a booking. `client_secret` is for the client alone, and only while there is something to confirm."""

    model_config = FROZEN

    status: PaymentStatus
    client_secret: str | None = None
    requires_action: bool = Field(default=False, description="The client's bank wants to hear from them")
    capture_before: AwareDatetime | None = Field(default=None, description="When the authorisation ends")
    wallet: Money | None = Field(default=None, description="What of the total the client's credit pays")
    card: Money | None = Field(default=None, description="What of it the card pays")
    refunded: Money | None = Field(default=None, description="What has gone back, to the card and as credit")
    refund_failed: Money | None = Field(
        default=None, description="What of it the client's bank could not credit: they have it as credit"
    )
    refunds: tuple[MadeRefundView, ...] = Field(default=(), description="What went back, oldest first")
    lost: Money | None = Field(default=None, description="What cardholders' banks have taken for good")


class CancellationView(BaseModel):
    model_config = FROZEN

    reason: CancelReason
    cancelled_at: AwareDatetime
    refund: Money | None = Field(default=None, description="What goes back to the client")


class PriceView(BaseModel):
    """What the total consists of; what the provider pays and gets is shown to them and to support alone."""

    model_config = FROZEN

    lines: tuple[PriceLine, ...]
    subtotal: Money
    service_tax: Money
    client_fee: Money
    fee_tax: Money
    total: Money
    provider_fee: Money | None = None
    provider_net: Money | None = None
    tax_details: tuple[TaxDetail, ...] = Field(
        default=(), description="Which taxes `service_tax` and `fee_tax` consist of"
    )


class BookingView(BaseModel):
    """One booking as one of its parties sees it."""

    model_config = FROZEN

    id: str
    status: BookingStatus
    amount: int = Field(description="All that the client pays, in whole units; `total` is exact")
    total: Money
    client_id: str
    provider_id: str
    profile_id: str
    service_id: str | None
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    price: PriceView
    policy: CancellationPolicy
    payment: PaymentView
    answer_by: AwareDatetime | None = Field(default=None, description="When the request lapses unanswered")
    acceptance_until: AwareDatetime | None = Field(default=None, description="When silence accepts the work")
    problem_reported_at: AwareDatetime | None = None
    cancellation: CancellationView | None = None
    note: str | None = None
    overtime_minutes: int = Field(
        default=0, description="Overtime the client has agreed to pay without being asked again"
    )
    amendments_total: Money | None = Field(
        default=None, description="What accepted amendments cost the client beside `total`; None without any"
    )
    amends: str | None = Field(default=None, description="Which booking this is an amendment of")
    created_at: AwareDatetime


class BookingPage(Page[BookingView]):
    """One page of bookings, newest start first."""


class QuoteLine(BaseModel):
    """One part of a total: a priced line, a fee or a tax."""

    model_config = FROZEN

    kind: str
    title: str
    amount: Money


class QuoteView(BaseModel):
    """What a booking would cost: the same every time for the same question."""

    model_config = FROZEN

    total: Money
    lines: tuple[QuoteLine, ...]
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    policy: CancellationPolicy


class TimelineEntry(BaseModel):
    """One thing that happened: a domain event without its plumbing."""

    model_config = FROZEN

    event_id: str
    name: str
    version: int
    occurred_at: AwareDatetime
    actor_type: str
    actor_id: str
    payload: dict[str, object]


class Timeline(Page[TimelineEntry]):
    """What happened to a booking, oldest first."""
