"""What entries do to balances, and whom they concern."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from callsheet.ledger.model import Entry


class Account(NamedTuple):
    """An account's side in one currency."""

    name: str
    currency: str


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
