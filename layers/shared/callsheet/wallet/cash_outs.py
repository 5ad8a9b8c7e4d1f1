"""Credit that goes to a client's bank account: what is asked, how it is stored, and its state machine (ADR 0205)."""

from datetime import timedelta
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Money
from callsheet.kernel.states import StateTable, Transition

# Nobody approves on what was true long ago.
PROPOSAL_LIVES = timedelta(days=7)
# A bank transfer is made within some days; what has waited longer wakes somebody, each day again.
UNPAID_AFTER, LOOK_EVERY = timedelta(days=3), timedelta(days=1)
CHECK = "wallet.cash_out"


class CashOutStatus(StrEnum):
    PROPOSED = "proposed"  # waits for a second person; the credit is still the client's to spend
    APPROVED = "approved"  # the credit is set aside; the bank transfer is to be made
    PAID = "paid"
    RETURNED = "returned"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class CashOutAction(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    LAPSE = "lapse"
    PAY = "pay"
    RETURN = "return"


_PROPOSED, _APPROVED, _PAID = CashOutStatus.PROPOSED, CashOutStatus.APPROVED, CashOutStatus.PAID
_RETURNED, _REJECTED, _LAPSED = CashOutStatus.RETURNED, CashOutStatus.REJECTED, CashOutStatus.LAPSED
_SECOND, _FINANCE = frozenset({"second person"}), frozenset({"finance"})

CASH_OUT: StateTable[CashOutStatus, CashOutAction] = StateTable(
    name="cash-out",
    initial=frozenset({_PROPOSED, _APPROVED}),
    terminal=frozenset({_PAID, _RETURNED, _REJECTED, _LAPSED}),
    transitions=(
        Transition(
            action=CashOutAction.APPROVE, source=_PROPOSED, target=_APPROVED, who=_SECOND, deadline=CHECK,
            condition="so much of that refund is still credit", effects=("set the credit aside",),
        ),
        Transition(
            action=CashOutAction.REJECT, source=_PROPOSED, target=_REJECTED, who=_SECOND | {"proposer"},
        ),
        Transition(
            action=CashOutAction.LAPSE, source=_PROPOSED, target=_LAPSED, who=frozenset({"system"}),
            condition="seven days after it was proposed", deadline=CHECK,
        ),
        Transition(
            action=CashOutAction.PAY, source=_APPROVED, target=_PAID, who=_FINANCE,
            condition="the bank transfer is made", effects=("post what has left the bank",),
        ),
        Transition(
            action=CashOutAction.RETURN, source=_APPROVED, target=_RETURNED, who=_FINANCE,
            condition="it was not made", effects=("give the credit back",),
        ),
        Transition(
            action=CashOutAction.RETURN, source=_PAID, target=_RETURNED, who=_FINANCE,
            condition="the client's bank has sent it back", effects=("post what came back", "give the credit back"),
        ),
    ),
)  # fmt: skip


class CashOutRequest(BaseModel):
    """How much of the credit of which failed refund, and why, for the record."""

    model_config = COMMAND

    refund_id: str = Field(pattern=id_pattern("rfd"))
    amount: Money
    reason: str = Field(min_length=3, max_length=500)


class AskCashOut(CashOutRequest):
    user_id: str

    @classmethod
    def of(cls, user_id: str, request: CashOutRequest) -> Self:
        return cls(user_id=user_id, **dict(request))


class CashOutReason(BaseModel):
    """Why it is decided so."""

    model_config = COMMAND

    reason: str = Field(min_length=3, max_length=500)


class BankTransfer(BaseModel):
    """The bank's reference of the transfer that was made; account numbers have no place here."""

    model_config = COMMAND

    bank_reference: str = Field(min_length=3, max_length=64, pattern=r"^[A-Za-z0-9/?:().,'+ -]+$")


class CashOut(BaseModel):
    """The stored document, and what staff see; `decided_by` is the proposer themselves where the amount is small."""

    model_config = FROZEN

    id: str = Field(pattern=id_pattern("wco"))
    user_id: str
    refund_id: str
    booking_id: str
    amount: Money
    status: CashOutStatus
    reason: str
    proposed_by: str
    proposed_at: AwareDatetime
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    decided_for: str | None = None
    bank_reference: str | None = None
    paid_by: str | None = None
    paid_at: AwareDatetime | None = None
    returned_by: str | None = None
    returned_at: AwareDatetime | None = None
    returned_for: str | None = None


class CashOuts(BaseModel):
    """All of one client, oldest first: nobody has more than a handful, so there are no pages."""

    model_config = FROZEN

    items: tuple[CashOut, ...]
    next_cursor: None = None


class CashedOut(BaseModel):
    """What has been paid out of one client's credit, in minor units: by day, of late, and by refund, for ever."""

    model_config = FROZEN

    by_day: dict[str, int] = Field(default_factory=dict)
    by_refund: dict[str, int] = Field(default_factory=dict)


def has_lapsed(proposed_at: AwareDatetime, now: AwareDatetime) -> bool:
    return proposed_at + PROPOSAL_LIVES <= now
