"""Finance keeps the money of one booking back, with a reason on the record."""

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.commands import HoldTransfer
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.events import HoldPlaced, about
from callsheet.transfers.holding import hold_transfer
from callsheet.transfers.model import Hold, HoldRecord, Transfer, is_held_by_finance
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.views import TransferView, require_somebody_else, view_of


def place_hold(
    booking_id: str, command: HoldTransfer, caller: Principal, deps: TransfersDeps
) -> TransferView:
    """One read, one transaction; a hold that is there stays as it is. What Stripe is being asked for still leaves."""

    def decide() -> Transfer:
        stored, now = load_transfer(booking_id), deps.clock.now()
        require_somebody_else(stored.document.provider_id, caller)
        if is_held_by_finance(stored.document):
            return stored.document
        record = HoldRecord(hold=Hold.FINANCE, placed_by=caller.user_id, placed_at=now, reason=command.reason)
        txn = Transaction(caller, now)
        hold_transfer(txn, stored, record)
        txn.publish(about(HoldPlaced, stored.document))
        txn.commit()
        return stored.document

    return view_of(decided_anew(decide))
