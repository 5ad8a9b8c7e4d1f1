"""What is proposed on top of a booking, and what its parties are shown of it."""

from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from callsheet.bookings.amends import MOST_OVERTIME_MINUTES, AmendmentKind
from callsheet.bookings.model import CancellationView, PaymentView, PriceView, Text
from callsheet.bookings.rules import BookingStatus, Party
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Money

type PaymentMethodKey = Annotated[str, Field(pattern="^(pm|card|src)_[A-Za-z0-9_]{1,250}$")]

_MOST_LINES = 20


class ProposedLine(BaseModel):
    """One thing more, and what it costs before taxes and fees. Less is a refund."""

    model_config = COMMAND

    title: str = Field(min_length=1, max_length=200)
    amount: Money

    @model_validator(mode="after")
    def _is_more(self) -> Self:
        if self.amount.amount_minor <= 0:
            raise ValueError("amount: an amendment only ever adds; less is a refund")
        return self


class ProposalRequest(BaseModel):
    """A change order of titled lines, by either side; or the minutes a session ran over, by the provider."""

    model_config = COMMAND

    kind: AmendmentKind = AmendmentKind.CHANGE_ORDER
    lines: tuple[ProposedLine, ...] = Field(
        default=(), max_length=_MOST_LINES, description="Of a change order, in the booking's currency"
    )
    minutes: int | None = Field(
        default=None, strict=True, ge=1, le=MOST_OVERTIME_MINUTES, description="Of overtime, as it ran over"
    )
    reason: Text | None = None
    payment_method: PaymentMethodKey | None = Field(
        default=None, description="A client's, in place of the one the booking was paid with"
    )

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        is_overtime = self.kind is AmendmentKind.OVERTIME
        if is_overtime and (self.minutes is None or self.lines):
            raise ValueError("overtime has minutes, and its lines follow from them")
        if not is_overtime and (not self.lines or self.minutes is not None):
            raise ValueError("a change order has lines, and no minutes")
        return self


class Proposal(ProposalRequest):
    booking_id: str

    @classmethod
    def of(cls, booking_id: str, request: ProposalRequest) -> Self:
        return cls(booking_id=booking_id, **dict(request))


class ConsentRequest(BaseModel):
    """A client who pays may name another card than the booking's."""

    model_config = COMMAND

    payment_method: PaymentMethodKey | None = None


class Answer(ConsentRequest):
    """To which amendment of which booking."""

    booking_id: str
    amendment_id: str

    @classmethod
    def of(cls, booking_id: str, amendment_id: str, request: ConsentRequest) -> Self:
        return cls(booking_id=booking_id, amendment_id=amendment_id, **request.model_dump())


class AmendmentView(BaseModel):
    """One amendment as one of the parties sees it."""

    model_config = FROZEN

    id: str = Field(pattern=id_pattern("bkg"))
    booking_id: str = Field(description="What it amends")
    kind: AmendmentKind
    status: BookingStatus
    proposed_by: Party
    awaits: Party | None = Field(default=None, description="Who is to answer, or to pay")
    expires_at: AwareDatetime | None = Field(default=None, description="When it lapses unanswered")
    minutes: int | None = Field(default=None, description="Of overtime")
    reason: str | None = None
    total: Money = Field(description="What the client pays for it")
    price: PriceView
    payment: PaymentView
    accepted_at: AwareDatetime | None = None
    cancellation: CancellationView | None = None
    created_at: AwareDatetime


class Amendments(BaseModel):
    """All of one booking, oldest first: there are ten at most, so there are no pages."""

    model_config = FROZEN

    items: tuple[AmendmentView, ...]
    next_cursor: None = None
