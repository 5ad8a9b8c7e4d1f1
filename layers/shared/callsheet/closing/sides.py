"""What Stripe and the ledger say, in the words in which they are compared."""

from collections.abc import Iterable, Iterator
from datetime import date

from callsheet.closing.comparison import Pair
from callsheet.closing.model import Movement
from callsheet.gateways.balance import BalanceGateway, BalanceTransaction
from callsheet.ledger.for_closing import CashEntry, entries_about, entries_on

_OURS = "jrn_"  # an entry that names no object of Stripe's stands for itself


def movement_of(transaction: BalanceTransaction) -> Movement:
    """The fee of a charge is an entry beside the charge's own: together they are what the balance has gained."""
    return Movement(transaction.reference, transaction.id, transaction.net)


def movements_of(entries: Iterable[CashEntry]) -> Iterator[Movement]:
    """One a currency, of each entry."""
    for entry in entries:
        for amount in entry.amounts:
            yield Movement(entry.reference, entry.id, amount)


def ledger_on(day: date, shard: int, after: str | None) -> Iterator[Movement]:
    return movements_of(entries_on(day, shard, after))


def ever(reference: str, balance: BalanceGateway) -> Pair:
    """All that both sides say of one object, on whatever day: a question to Stripe and a query."""
    known = () if reference.startswith(_OURS) else balance.transactions_of(reference)
    stripe = tuple(movement_of(transaction) for transaction in known)
    return Pair(reference, stripe, tuple(movements_of(entries_about(reference))))
