"""First: Stripe's transactions of the day, which come by time, are put where they can be read by their objects."""

from callsheet.closing.deps import BalancingDeps
from callsheet.closing.model import Phase
from callsheet.closing.rules import bounds_of
from callsheet.closing.sides import movement_of
from callsheet.closing.store import CloseItem, add_transaction, save_close
from callsheet.kernel.principal import Principal
from callsheet.ledger.for_closing import day_shard
from callsheet.platform.transaction import Transaction


def collect(stored: CloseItem, caller: Principal, deps: BalancingDeps) -> int:
    """One page: a call to Stripe and a transaction. Raises Stale where somebody else was faster."""
    close, now = stored.document, deps.clock.now()
    page = deps.balance.transactions(*bounds_of(close.day), close.position)
    txn = Transaction(caller, now)
    for transaction in page.items:
        movement = movement_of(transaction)
        add_transaction(txn, movement, close, day_shard(movement.reference), now)
    moved: dict[str, object] = {
        "position": page.next_after,
        "phase": Phase.COMPARING if page.next_after is None else Phase.COLLECTING,
        "moved_at": now,
    }
    save_close(txn, stored, close.model_copy(update=moved))
    txn.commit()
    return 1
