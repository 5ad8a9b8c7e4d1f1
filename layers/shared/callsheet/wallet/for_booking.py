"""What a booking reads and moves of its client's credit, in its own batch reads and transactions.

Each answers the entry of what it moves, to be posted by the same transaction.
"""

from collections.abc import Iterable
from datetime import datetime

from callsheet.kernel.money import Money
from callsheet.ledger.model import Entry
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction
from callsheet.wallet.events import WalletReturned, WalletSpent
from callsheet.wallet.lines import Line, LineKind
from callsheet.wallet.movements import BalanceItem, balance_key, move, sort_of
from callsheet.wallet.postings import held_entry, returned_entry

__all__ = ["balance_in", "balance_key", "credit_failed_refund", "give_back", "hold", "refund_residue"]


def balance_in(items: Iterable[Table | None], currency: str) -> Money:
    """The balance among what was read; nothing for a user who never had credit in this currency."""
    found = (item for item in items if isinstance(item, BalanceItem) and item.sk == sort_of(currency))
    return Money.of(sum(item.balance for item in found), currency)


def hold(txn: Transaction, user_id: str, booking_id: str, amount: Money, now: datetime) -> Entry:
    """Keep credit for a booking. Raises, on commit, WalletChanged where there is no longer so much."""
    _move(txn, user_id, booking_id, LineKind.SPENT, f"spent:{booking_id}", -amount, now)
    txn.publish(WalletSpent(user_id=user_id, booking_id=booking_id, amount=amount))
    return held_entry(booking_id, user_id, amount)


def give_back(txn: Transaction, user_id: str, booking_id: str, amount: Money, now: datetime) -> Entry:
    """The booking came to nothing: what was kept for it is there again."""
    _move(txn, user_id, booking_id, LineKind.RETURNED, f"returned:{booking_id}", amount, now)
    txn.publish(WalletReturned(user_id=user_id, booking_id=booking_id, amount=amount))
    return returned_entry(booking_id, user_id, amount)


def refund_residue(  # noqa: PLR0917 - whose, of what, how much and when
    txn: Transaction, user_id: str, booking_id: str, refund_id: str, amount: Money, now: datetime
) -> None:
    """What of a refund the card has not paid, or cannot get; its entry is the refund's own."""
    _move(txn, user_id, booking_id, LineKind.REFUND_RESIDUE, f"refund:{refund_id}", amount, now)
    txn.publish(WalletReturned(user_id=user_id, booking_id=booking_id, refund_id=refund_id, amount=amount))


def credit_failed_refund(  # noqa: PLR0917 - whose, of what, how much and when
    txn: Transaction, user_id: str, booking_id: str, refund_id: str, amount: Money, now: datetime
) -> None:
    """What the client's bank could not credit is credit here; its entries are the refund's own."""
    _move(txn, user_id, booking_id, LineKind.REFUND_FAILED, f"refund_failed:{refund_id}", amount, now)
    txn.publish(WalletReturned(user_id=user_id, booking_id=booking_id, refund_id=refund_id, amount=amount))


def _move(  # noqa: PLR0917 - what a line consists of
    txn: Transaction, user_id: str, booking_id: str, kind: LineKind, cause: str, amount: Money, now: datetime
) -> None:
    move(txn, user_id, Line(cause=cause, subject=booking_id, kind=kind, amount=amount, moved_at=now))
