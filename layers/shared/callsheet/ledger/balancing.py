"""When balances agree, and how finance reads them: pure."""

from collections import Counter
from collections.abc import Mapping

from callsheet.ledger.accounts import kind_of
from callsheet.ledger.rules import Account
from callsheet.ledger.views import AccountBalance, CurrencyTotal, TrialBalance

type Balances = Mapping[Account, int]


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
