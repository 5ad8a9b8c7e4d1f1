"""What Callsheet asks of its account with whoever moves the money; `gateways/stripe_balance.py` is Stripe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from callsheet.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransaction:
    """One movement of the account's balance, as the provider has booked it (Stripe, "Balance transaction types").

    `amount` is positive where money came in; `fee` is what the provider took of it; `source` is the object that moved
    the money (`ch_…`, `re_…`, `tr_…`), None for the provider's own fees.
    """

    id: str
    type: str
    source: str | None
    amount: Money
    fee: Money
    created_at: datetime

    @property
    def net(self) -> Money:
        """What the balance has changed by, out of amounts that are rounded as the ledger's own are."""
        return self.amount - self.fee

    @property
    def reference(self) -> str:
        """What the ledger would name in the entry that mirrors it."""
        return self.source or self.id


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """Some transactions, the newest first; `next_after` is None on the last page."""

    items: tuple[BalanceTransaction, ...]
    next_after: str | None


class BalanceGateway(Protocol):
    """All raise PaymentsUnavailable where there is no answer. Nothing is changed by asking."""

    def transactions(self, since: datetime, until: datetime, after: str | None = None) -> TransactionPage:
        """A page of what was booked from `since` on and before `until`, from behind the transaction `after` on."""
        ...

    def transactions_of(self, reference: str) -> tuple[BalanceTransaction, ...]:
        """All that one object has moved, whenever; none for an object that the provider does not know."""
        ...

    def balance_minor(self) -> Mapping[str, int]:
        """What stands on the account now, available or pending, in minor units by currency."""
        ...
