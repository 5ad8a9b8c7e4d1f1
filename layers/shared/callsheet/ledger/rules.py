"""What entries do to balances, whom they concern, and when balances agree."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from callsheet.ledger.accounts import kind_of
from callsheet.ledger.model import AccountBalance, CurrencyTotal, Entry, TrialBalance


class Account(NamedTuple):
    """An account's side in one currency."""

    name: str
    currency: str


type Balances = Mapping[Account, int]

_OF_A_PROVIDER = re.compile("(?:provider|reserve):([^:]+)(?::|$)")


def changes_of(entries: Sequence[Entry]) -> dict[Account, int]:
    """By how many minor units entries move each account; accounts that they leave as they are, are left out."""
    changes: Counter[Account] = Counter()
    for posting in chain.from_iterable(entry.postings for entry in entries):
        changes[Account(posting.account, posting.amount.currency)] += posting.amount.amount_minor
    return {account: change for account, change in changes.items() if change}


def provider_of(entry: Entry) -> str | None:
    """The provider whose payable, debt or reserve an entry moves: it is about one booking, so there is one at most."""
    found = (_OF_A_PROVIDER.match(posting.account) for posting in entry.postings)
    return next((account[1] for account in found if account), None)


def agrees(balances: Balances) -> bool:
    """True where debits and credits of each currency are the same."""
    sums: Counter[str] = Counter()
    for account, minor in balances.items():
        sums[account.currency] += minor
    return not any(sums.values())


def trial_balance(balances: Balances) -> TrialBalance:
    """The balances as finance reads them: by name, both sides summed."""
    accounts = tuple(
        AccountBalance(account=name, currency=currency, kind=kind_of(name), balance_minor=minor)
        for (name, currency), minor in sorted(balances.items())
    )
    currencies = sorted({account.currency for account in accounts})
    totals = tuple(_total(currency, accounts) for currency in currencies)
    return TrialBalance(accounts=accounts, totals=totals, is_balanced=agrees(balances))


def _total(currency: str, accounts: tuple[AccountBalance, ...]) -> CurrencyTotal:
    sides = [account.balance_minor for account in accounts if account.currency == currency]
    return CurrencyTotal(
        currency=currency,
        debit_minor=sum(minor for minor in sides if minor > 0),
        credit_minor=-sum(minor for minor in sides if minor < 0),
    )
