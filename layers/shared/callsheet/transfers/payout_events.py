"""What payouts to a bank tell the rest; they belong to no booking."""

from typing import ClassVar

from callsheet.gateways.payouts import PayoutFailure, PayoutMethod
from callsheet.kernel.events import EventPayload, UserRef
from callsheet.kernel.money import Money
from callsheet.transfers.bank_payouts import BankPayout, PayoutRef


class PayoutEvent(EventPayload):
    """Whose money, how much of it, and how it went."""

    aggregate_type: ClassVar[str] = "payout"

    payout_id: PayoutRef
    user_id: UserRef
    amount: Money
    method: PayoutMethod

    def aggregate_id(self) -> str:
        return self.payout_id


class PayoutPaid(PayoutEvent):
    """The money is at the bank, as far as Stripe knows."""

    name = "payout.paid"


class PayoutFailed(PayoutEvent):
    """The bank has sent the money back: it lies on the provider's account at Stripe again."""

    name = "payout.failed"

    reason: PayoutFailure


def payout_paid(payout: BankPayout) -> PayoutPaid:
    return PayoutPaid(
        payout_id=payout.id, user_id=payout.provider_id, amount=payout.amount, method=payout.method
    )


def payout_failed(payout: BankPayout) -> PayoutFailed:
    return PayoutFailed(
        payout_id=payout.id,
        user_id=payout.provider_id,
        amount=payout.amount,
        method=payout.method,
        reason=payout.failure or PayoutFailure.OTHER,
    )
