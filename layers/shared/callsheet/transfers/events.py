"""What paying providers tells the rest; it belongs to the booking, so that one timeline holds all of its money."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from callsheet.gateways.refusals import TransferRefusal
from callsheet.kernel.events import BookingRef, EventPayload, UserRef
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.money import Money
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
