"""What paying providers tells the rest.

Transfers belong to the booking, so that one timeline holds all of its money; payouts to a bank to no booking.
"""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from callsheet.gateways.payouts import PayoutFailure, PayoutMethod
from callsheet.gateways.transfers import TransferRefusal
from callsheet.kernel.events import BookingRef, EventPayload, UserRef
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.money import Money
from callsheet.transfers.bank_payouts import BankPayout, PayoutRef
from callsheet.transfers.model import Delay, Transfer

type TransferRef = Annotated[str, Field(pattern=id_pattern("trf"))]


class TransferEvent(EventPayload):
    """Whom it concerns; readers need not ask back."""

    aggregate_type: ClassVar[str] = "booking"

    booking_id: BookingRef
    provider_id: UserRef
    transfer_id: TransferRef

    def aggregate_id(self) -> str:
        return self.booking_id


class TransferPaid(TransferEvent):
    """`amount` is on the provider's account at Stripe; `reserved` and `netted` went elsewhere this time."""

    name = "transfer.paid"

    amount: Money


class TransferSettled(TransferEvent):
    """Nothing was left to pay."""

    name = "transfer.settled"


class TransferDelayed(TransferEvent):
    """Money that is due waits; told once for each reason."""

    name = "transfer.delayed"

    delay: Delay
    until: AwareDatetime


class TransferRefusedByStripe(TransferEvent):
    """Stripe would not move the money; it is tried again at `retry_at`."""

    name = "transfer.refused"

    reason: TransferRefusal
    retry_at: AwareDatetime


class ReserveReleased(TransferEvent):
    name = "reserve.released"

    amount: Money


class TransferReversed(TransferEvent):
    """`amount` was taken back from the provider's account at Stripe."""

    name = "transfer.reversed"

    amount: Money


class HoldPlaced(TransferEvent):
    """Finance keeps the money back."""

    name = "transfer.held"


class HoldLifted(TransferEvent):
    """Finance lets the money go."""

    name = "transfer.unheld"


def about[E: TransferEvent](event: type[E], transfer: Transfer, **fields: object) -> E:
    """An event of a transfer; `fields` are those beyond whom it concerns."""
    whom = {
        "booking_id": transfer.booking_id,
        "provider_id": transfer.provider_id,
        "transfer_id": transfer.id,
    }
    return event.model_validate({**whom, **fields})


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
