"""The gate that payouts pass: shut by each day whose books differ from Stripe's, open once none is left.

One item. Whoever is about to let money go reads it beside what else it reads (`gate_key`, `shut_by`), and holds the
transaction that claims the money to it (`check_open`), so that a gate that shuts in between still stops it.
"""

from typing import Final

from pynamodb.attributes import UnicodeSetAttribute

from callsheet.kernel.errors import Conflict
from callsheet.platform.read import Key
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction

_PK: Final = "GATE"
_SK: Final = "PAYOUTS"


class PayoutsPaused(Conflict):
    """No money leaves while a daily close differs; `extra["days"]` names the days where they were read."""

    code, title = "payouts_paused", "Payouts wait until the books agree with Stripe's"


class GateItem(Table):
    """`days` (`2026-11-24`) are those that differ. DynamoDB keeps no empty set: without one, the gate is open."""

    logical_name = "ledger"
    days = UnicodeSetAttribute(null=True)


def gate_key() -> Key:
    """For a batch read with other items."""
    return (GateItem, _PK, _SK)


def shut_by(item: Table | None) -> frozenset[str]:
    """The days that keep the gate shut; empty where it is open, as it is before the first close."""
    return frozenset(item.days or ()) if isinstance(item, GateItem) else frozenset()


def check_open(txn: Transaction) -> None:
    """Hold the transaction to an open gate. Raises PayoutsPaused, on commit."""
    txn.check(gate_key(), GateItem.days.does_not_exist(), PayoutsPaused())


def shut(txn: Transaction, day: str) -> None:
    """From this transaction on `day` keeps the gate shut; it may have done so before."""
    txn.update(gate_key(), [GateItem.days.add({day})])


def reopen(txn: Transaction, day: str) -> None:
    """`day` no longer keeps the gate shut; others may."""
    txn.update(gate_key(), [GateItem.days.delete({day})])
