"""What documents tell the rest."""

from typing import Annotated

from pydantic import Field

from callsheet.documents.receipt import Receipt
from callsheet.kernel.events import BookingRef, EventPayload, UserRef
from callsheet.kernel.ids import id_pattern

type ReceiptRef = Annotated[str, Field(pattern=id_pattern("rct"))]
type ReceiptNumber = Annotated[str, Field(pattern="^R-[0-9A-Z]{10}-[0-9]+$")]


class ReceiptIssued(EventPayload):
    """A version of a booking's receipt can be fetched; `replaces` is the number of the one before."""

    name = "receipt.issued"
    aggregate_type = "receipt"

    receipt_id: ReceiptRef
    booking_id: BookingRef
    client_id: UserRef
    provider_id: UserRef
    number: ReceiptNumber
    receipt_version: int = Field(ge=1)
    replaces: ReceiptNumber | None = None

    def aggregate_id(self) -> str:
        return self.receipt_id


def receipt_issued(receipt: Receipt) -> ReceiptIssued:
    return ReceiptIssued(
        receipt_id=receipt.id,
        booking_id=receipt.booking_id,
        client_id=receipt.client.id,
        provider_id=receipt.provider.id,
        number=receipt.number,
        receipt_version=receipt.version,
        replaces=receipt.replaces,
    )
