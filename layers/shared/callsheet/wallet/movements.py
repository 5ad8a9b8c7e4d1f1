"""What moves a wallet: a balance a currency that is never negative, and lines that are written once for their cause."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.kernel.errors import CallsheetError
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, StrictInteger, Table, utc_key
from callsheet.platform.transaction import Transaction
from callsheet.wallet.errors import WalletChanged
from callsheet.wallet.lines import Line

BALANCE, _LINE = "BALANCE#", "LINE#"


class ByOwner(GlobalSecondaryIndex["LineItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_owner"
        projection = AllProjection()

    owner_key = UnicodeAttribute(hash_key=True)
    moment_key = UnicodeAttribute(range_key=True)


class BalanceItem(Table):
    """What one user can spend in one currency, in minor units: the sum of their lines."""

    logical_name = "wallet"
    balance = StrictInteger()


class LineItem(Table):
    """One movement. Its key is the cause, so that a repeat cannot count twice."""

    logical_name = "wallet"
    document = Document(Line)
    owner_key = UnicodeAttribute()
    moment_key = UnicodeAttribute()
    by_owner = ByOwner()


def sort_of(currency: str) -> str:
    return f"{BALANCE}{currency}"


def balance_key(user_id: str, currency: str) -> Key:
    return (BalanceItem, user_id, sort_of(currency))


def all_lines_of(user_id: str) -> list[Line]:
    """One query, every page of it, in no order."""
    items = LineItem.query(user_id, LineItem.sk.startswith(_LINE), consistent_read=True)
    return [item.document for item in items]


def untouched(read: Table | None) -> Condition:
    """That nothing has moved the balance since it was read. Those that have stood since before had no version."""
    version = read.version if isinstance(read, BalanceItem) else 0
    return BalanceItem.version == version if version else BalanceItem.version.does_not_exist()


def move(txn: Transaction, user_id: str, line: Line, condition: Condition | None = None) -> None:
    """Write a line and what it does to the balance, both or none.

    Raises, on commit, WalletChanged where the wallet has less than the line takes, Stale where its cause has moved it
    before, or where the balance does not meet `condition`.
    """
    minor, moved_at = line.amount.amount_minor, utc_key(line.moved_at)
    key = balance_key(user_id, line.amount.currency)
    is_met = condition
    if is_met is None and minor < 0:
        is_met = BalanceItem.balance >= -minor
    refusal: CallsheetError = WalletChanged() if condition is None else Stale()
    moment_key = f"{moved_at}#{line.cause}"
    item = LineItem(user_id, f"{_LINE}{line.cause}", document=line, owner_key=user_id, moment_key=moment_key)
    txn.create(item, Stale())
    txn.update(key, [BalanceItem.balance.add(minor), BalanceItem.version.add(1)], is_met, refusal)
