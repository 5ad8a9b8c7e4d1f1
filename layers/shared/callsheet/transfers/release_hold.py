"""Finance lets the money of a booking go that it has kept back, with a reason on the record."""

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.commands import HoldTransfer
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.events import HoldLifted, about
from callsheet.transfers.lifting import Lifting, lift_hold
from callsheet.transfers.model import Hold, Transfer, is_held_by_finance
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.views import TransferView, require_somebody_else, view_of


def release_hold(
    booking_id: str, command: HoldTransfer, caller: Principal, deps: TransfersDeps
) -> TransferView:
    """One read, one transaction. A dispute's hold is not finance's to lift; nothing happens where there is none."""

    def decide() -> Transfer:
        stored, now = load_transfer(booking_id), deps.clock.now()
        require_somebody_else(stored.document.provider_id, caller)
        if not is_held_by_finance(stored.document):
            return stored.document
        txn = Transaction(caller, now)
        lifting = Lifting(lifted_by=caller.user_id, lifted_at=now, reason=command.reason)
        lift_hold(txn, stored, Hold.FINANCE, lifting)
        txn.publish(about(HoldLifted, stored.document))
        txn.commit()
        return stored.document

    return view_of(decided_anew(decide))
