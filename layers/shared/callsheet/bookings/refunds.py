"""Refunds that support asks for, on the record: who proposed and who decided, and why."""

from typing import Self

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.bookings.goodwill import BorneBy
from callsheet.bookings.states import RefundStatus
from callsheet.gateways.declines import RefundFailure
from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Money
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_SORT = "REFUND#"


class RefundRequest(BaseModel):
    """How much goes back, who gives it, and why, for the record."""

    model_config = COMMAND

    amount: Money
    borne_by: BorneBy = BorneBy.ALL
    reason: str = Field(min_length=3, max_length=500)


class RefundBooking(RefundRequest):
    booking_id: str

    @classmethod
    def of(cls, booking_id: str, request: RefundRequest) -> Self:
        return cls(booking_id=booking_id, **dict(request))


class DecideRefund(BaseModel):
    """Why the second person agrees or does not."""

    model_config = COMMAND

    reason: str = Field(min_length=3, max_length=500)


class Refund(BaseModel):
    """The stored document, and what staff see; `decided_by` is the proposer themselves where the amount is small."""

    model_config = FROZEN

    id: str = Field(pattern=id_pattern("rfd"))
    booking_id: str
    amount: Money
    borne_by: BorneBy
    status: RefundStatus
    reason: str
    proposed_by: str
    proposed_at: AwareDatetime
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    decided_for: str | None = None


class RefundView(Refund):
    """A refund and what became of it at the client's bank."""

    given: Money | None = Field(
        default=None,
        description="What has gone back of it, once it has; a lost dispute may have covered a part, or all of it",
    )
    as_credit: Money | None = Field(
        default=None,
        description="What of that went into the client's wallet at once, because no card could get it",
    )
    failed_at: AwareDatetime | None = Field(
        default=None, description="Since when it is the client's credit, as it did not reach their card"
    )
    failure: RefundFailure | None = Field(default=None, description="Why, as Stripe says it")


class Refunds(BaseModel):
    """All of one booking, oldest first: a booking has a handful, so there are no pages."""

    model_config = FROZEN

    items: tuple[RefundView, ...]
    next_cursor: None = None


class RefundItem(Table):
    logical_name = "payments"
    document = Document(Refund)


def refund_key(booking_id: str, refund_id: str) -> Key:
    return (RefundItem, booking_id, f"{_SORT}{refund_id}")


def add_refund(txn: Transaction, refund: Refund) -> None:
    txn.create(RefundItem(refund.booking_id, f"{_SORT}{refund.id}", document=refund), Stale())


def save_refund(txn: Transaction, stored: RefundItem, refund: Refund) -> None:
    """Stale where somebody has decided meanwhile."""
    stored.document = refund
    txn.replace(stored, Stale())


def refunds_of(booking_id: str) -> tuple[Refund, ...]:
    """One query; ids sort by birth."""
    items = RefundItem.query(booking_id, RefundItem.sk.startswith(_SORT), consistent_read=True)
    return tuple(item.document for item in items)


ACCESS_PATHS = (
    AccessPath(
        name="the refunds that support asked for",
        table="payments",
        keys="pk = <booking id>, sk begins with REFUND#",
        use_cases=("bookings.list_refunds",),
    ),
    AccessPath(
        name="one refund that support asked for",
        table="payments",
        keys="pk = <booking id>, sk = REFUND#<refund id>",
        use_cases=("bookings.approve_refund", "bookings.reject_refund"),
    ),
)
