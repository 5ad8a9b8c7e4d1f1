"""What checkouts and refunds tell of wallets."""

from typing import Annotated

from pydantic import Field

from callsheet.kernel.events import BookingRef, EventPayload, UserRef
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.money import Money

type RefundRef = Annotated[str, Field(pattern=id_pattern("rfd"))]


class WalletEvent(EventPayload):
    """Whose wallet, and by how much it moved."""

    aggregate_type = "wallet"

    user_id: UserRef
    amount: Money

    def aggregate_id(self) -> str:
        return self.user_id


class WalletSpent(WalletEvent):
    """Credit is kept for a booking: its provider's once they accept, back in the wallet if it comes to nothing."""

    name = "wallet.spent"

    booking_id: BookingRef


class WalletReturned(WalletEvent):
    """Credit that was spent is there again: the checkout came to nothing or, with `refund_id`, it was refunded."""

    name = "wallet.returned"

    booking_id: BookingRef
    refund_id: RefundRef | None = None
