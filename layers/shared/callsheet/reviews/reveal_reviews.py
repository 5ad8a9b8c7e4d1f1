"""Two weeks after the first review of a booking: what is there is revealed, with or without the other side's."""

from enum import StrEnum

from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.revealing import unseal
from callsheet.reviews.rules import is_to_be_revealed
from callsheet.reviews.store import exchange_from, exchange_key, save_exchange


class Revealed(StrEnum):
    """What came of the deadline."""

    DONE = "done"
    MOOT = "moot"
    EARLY = "early"


def reveal_reviews(booking_id: str, caller: Principal, deps: ReviewsDeps) -> Revealed:
    """One read and one transaction; nothing where both sides were there in time."""
    return decided_anew(lambda: _reveal(booking_id, caller, deps))


def _reveal(booking_id: str, caller: Principal, deps: ReviewsDeps) -> Revealed:
    now = deps.clock.now()
    (item,) = get_together([exchange_key(booking_id)])
    stored = exchange_from(item)
    if stored is None or stored.document.revealed_at is not None:
        return Revealed.MOOT
    if not is_to_be_revealed(stored.document, now):
        return Revealed.EARLY
    txn = Transaction(caller, now)
    save_exchange(txn, stored, unseal(txn, stored.document, frozenset(), now))
    txn.commit()
    return Revealed.DONE
