"""What adjustments have in common: what is open now, and the posting that closes it."""

from datetime import datetime

from callsheet.closing.comparison import Pair
from callsheet.closing.deps import BalancingDeps
from callsheet.closing.errors import DifferenceClosed, DifferenceNotFound
from callsheet.closing.model import Adjustment, DifferenceStatus
from callsheet.closing.rules import CLOSE, CloseAction, still_open
from callsheet.closing.settling import tell_end
from callsheet.closing.sides import ever
from callsheet.closing.store import (
    CloseItem,
    DifferenceItem,
    difference_key,
    is_open,
    save_close,
    save_difference,
    stored_differences,
)
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import STRIPE_CASH
from callsheet.ledger.for_closing import entries_about
from callsheet.ledger.model import Entry
from callsheet.ledger.post import post
from callsheet.platform.transaction import Transaction


def open_difference(close: CloseItem, reference: str) -> DifferenceItem:
    """Raises DifferenceNotFound, and DifferenceClosed where it was closed before."""
    (stored,) = stored_differences([difference_key(close.document.day, reference)])
    if stored is None:
        raise DifferenceNotFound
    if not is_open(stored):
        raise DifferenceClosed
    return stored


def open_amounts(reference: str, deps: BalancingDeps) -> tuple[Money, ...]:
    """What is open in this moment. Raises DifferenceClosed where both sides have come to agree."""
    pair: Pair = ever(reference, deps.balance)
    if pair.agrees:
        raise DifferenceClosed
    return still_open(pair.stripe, pair.ledger)


def post_adjustment(
    txn: Transaction, adjustment: Adjustment, close: CloseItem, difference: DifferenceItem, now: datetime
) -> None:
    """The entry, the end of the difference, and, with the last open one, the end of the wait.

    Stale where any of it has changed: what is posted is what both sides then lacked, so that they agree.
    """
    post(txn, _entry(adjustment), now)
    mended = {"status": DifferenceStatus.MENDED, "closed_at": now, "adjustment_id": adjustment.id}
    save_difference(txn, difference, difference.document.model_copy(update=mended))
    left, settled = close.document.open - 1, close.document.settled + 1
    moved = close.document.model_copy(update={"open": left, "settled": settled})
    if left == 0:
        status = CLOSE.step(moved.status, CloseAction.MEND, "finance").target
        moved = moved.model_copy(update={"status": status})
        tell_end(txn, moved)
    save_close(txn, close, moved)


def _entry(adjustment: Adjustment) -> Entry:
    """In the journal of what the object is about, where the ledger knows it; else below the adjustment itself."""
    known = entries_about(adjustment.reference)
    lines = [
        line for gain in adjustment.amounts for line in ((STRIPE_CASH, gain), (adjustment.account, -gain))
    ]
    subject = known[0].subject if known else adjustment.id
    return Entry.of(subject, f"adjustment:{adjustment.id}", *lines, reference=adjustment.reference)
