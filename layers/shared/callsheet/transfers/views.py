"""What a provider, and staff, are shown of a transfer, and who may decide on it."""

from callsheet.kernel.errors import Forbidden
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, Role
from callsheet.transfers.model import LegView, Transfer, TransferView


def require_somebody_else(provider_id: str, caller: Principal) -> None:
    """Forbidden to the provider themselves, whatever roles they have."""
    if caller.user_id == provider_id:
        raise Forbidden("Nobody decides on their own money")


def may_see(transfer: Transfer, caller: Principal) -> bool:
    """True for the provider and staff: what a provider gets is no business of a client's."""
    return transfer.provider_id == caller.id or caller.has_any(Role.ADMIN, Role.SUPPORT, Role.FINANCE)


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
