"""Payouts from providers' accounts at Stripe to their banks: what is kept of one, and what its owner sees."""

from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from callsheet.gateways.payouts import BankPayoutStatus, PayoutFailure, PayoutMethod, PayoutRefusal
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Money
from callsheet.kernel.page import Page, PageQuery

type PayoutRef = Annotated[str, Field(pattern=id_pattern("pay"))]


class BankPayout(BaseModel):
    """The stored document, one a payout at Stripe; `fee` is ours, for an instant one that we were asked for."""

    model_config = FROZEN

    id: str
    provider_id: str
    account_id: str
    stripe_payout_id: str
    amount: Money
    fee: Money | None = None
    status: BankPayoutStatus = BankPayoutStatus.PENDING
    method: PayoutMethod
    created_at: AwareDatetime
    arrives_at: AwareDatetime
    failure: PayoutFailure | None = None


class InstantOrder(BaseModel):
    """What Stripe is about to be asked for, written down before it is; afterwards what came of it."""

    model_config = FROZEN

    id: str
    provider_id: str
    account_id: str
    amount: Money
    fee: Money
    since: AwareDatetime
    stripe_payout_id: str | None = None
    refusal: PayoutRefusal | None = None

    @property
    def is_open(self) -> bool:
        return self.stripe_payout_id is None and self.refusal is None


def _positive(money: Money) -> Money:
    if money.amount_minor <= 0:
        raise ValueError("an amount is more than nothing")
    return money


type Positive = Annotated[Money, AfterValidator(_positive)]


class PayInstantly(BaseModel):
    """Have the balance, or part of it, at one's card or bank within half an hour."""

    model_config = COMMAND

    amount: Positive | None = Field(default=None, description="All that is available where it is not given")


class InstantQuote(BaseModel):
    """What an instant payout of all that is available would be. The fee is taken from the next transfer."""

    model_config = FROZEN

    amount: Money = Field(description="Reaches the card or bank")
    fee: Money = Field(description="Owed for it")
    net: Money = Field(description="What is left of the amount once the fee is paid")

    @classmethod
    def of(cls, amount: Money, fee: Money) -> Self:
        return cls(amount=amount, fee=fee, net=amount - fee)


class BankPayoutView(BaseModel):
    """Money on its way to the provider's bank, or there."""

    model_config = FROZEN

    id: PayoutRef
    amount: Money
    fee: Money | None = Field(default=None, description="For an instant one, taken from the next transfer")
    status: BankPayoutStatus
    method: PayoutMethod
    arrives_at: AwareDatetime = Field(description="When it is expected, or was")
    failure: PayoutFailure | None = Field(default=None, description="Why the bank has sent it back")
    created_at: AwareDatetime


class PayoutQuery(PageQuery):
    """Mine, newest first."""


class PayoutPage(Page[BankPayoutView]):
    """One page of payouts, newest first."""


def view_of(payout: BankPayout) -> BankPayoutView:
    return BankPayoutView(
        id=payout.id,
        amount=payout.amount,
        fee=payout.fee,
        status=payout.status,
        method=payout.method,
        arrives_at=payout.arrives_at,
        failure=payout.failure,
        created_at=payout.created_at,
    )
