"""What a provider, and staff, are shown of a transfer."""

from callsheet.kernel.money import Money
from callsheet.transfers.model import LegView, Transfer, TransferView


def view_of(transfer: Transfer) -> TransferView:
    return TransferView(
        id=transfer.id,
        booking_id=transfer.booking_id,
        status=transfer.status,
        transferred=transfer.transferred,
        reserved=transfer.reserved,
        reserve_until=transfer.reserve_until,
        netted=transfer.netted,
        due_at=transfer.due_at,
        delay=transfer.delay,
        next_look_at=transfer.next_look_at,
        legs=tuple(
            LegView(
                amount=leg.amount,
                reversed=Money.of(leg.reversed_minor, transfer.currency),
                transferred_at=leg.transferred_at,
            )
            for leg in transfer.legs
        ),
        created_at=transfer.created_at,
    )
