"""Money that is due is paid to its provider, unless something keeps it: then it is looked at again."""

from datetime import datetime

from callsheet.kernel.clock import next_beat
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.claiming import claim_transfer
from callsheet.transfers.model import TransferStatus
from callsheet.transfers.paying import Released, pay
from callsheet.transfers.paying_deps import PayingDeps
from callsheet.transfers.rules import LOOK, WATCH
from callsheet.transfers.store import TransferItem


def release_transfer(booking_id: str, caller: Principal, deps: PayingDeps) -> Released:
    """One read, one batch read, the booking's entries; a claim, the transfer at Stripe, its record.

    The claim holds the amount and a leg's number, which is the key at Stripe: whoever comes after a crash asks for the
    same. Whatever changes what is payable (a refund, a dispute) saves the transfer too, so that a claim decided on old
    entries fails and is decided anew. Raises NotFound where the booking has no transfer, PaymentsUnavailable where the
    outcome is not known.
    """
    now = deps.clock.now()
    stored = decided_anew(lambda: claim_transfer(booking_id, caller, now))
    match stored.document.status:
        case TransferStatus.PAYING:
            _watch_again(stored, caller, now)
            return pay(stored, caller, deps)
        case TransferStatus.DUE:
            return Released.WAITS
        case _:
            return Released.MOOT


def _watch_again(stored: TransferItem, caller: Principal, now: datetime) -> None:
    """The next look is arranged before this one, so that an outage ends nothing; in the same steps whoever repeats it.

    The first is part of the claim itself.
    """
    claim = stored.document.claim
    if claim is None or claim.since == now:
        return
    txn = Transaction(caller, now)
    txn.due(LOOK, stored.document.booking_id, next_beat(claim.since, WATCH, now))
    txn.commit()
