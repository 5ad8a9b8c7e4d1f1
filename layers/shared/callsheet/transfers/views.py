"""What a provider, and staff, are shown of a transfer, and who may decide on it."""

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money
from callsheet.kernel.page import Page
from callsheet.kernel.principal import Principal, Role
from callsheet.transfers.model import Delay, Transfer, TransferStatus


class LegView(BaseModel):
    model_config = FROZEN

    amount: Money
    reversed: Money
    transferred_at: AwareDatetime


class TransferView(BaseModel):
    """What a provider gets for one booking: what is paid, what is kept and why, and when it is looked at next."""

    model_config = FROZEN

    id: str = Field(pattern=id_pattern("trf"))
    booking_id: str
    status: TransferStatus
    transferred: Money
    reserved: Money | None = Field(default=None, description="Kept back until `reserve_until`")
    reserve_until: AwareDatetime | None = None
    netted: Money | None = Field(default=None, description="Went into what the provider owed")
    due_at: AwareDatetime | None = Field(default=None, description="Since when the money is due")
    delay: Delay | None = Field(default=None, description="Why it has not been paid yet")
    next_look_at: AwareDatetime | None = Field(default=None, description="When it is tried next")
    legs: tuple[LegView, ...] = ()
    created_at: AwareDatetime


class TransferPage(Page[TransferView]):
    """One page of transfers, newest first."""


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
