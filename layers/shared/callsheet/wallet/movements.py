"""What moves a wallet: a balance a currency that is never negative, and lines that are written once for their cause."""

from pynamodb.attributes import UnicodeAttribute
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


def line_key(user_id: str, cause: str) -> Key:
    return (LineItem, user_id, f"{_LINE}{cause}")


def move(txn: Transaction, user_id: str, line: Line) -> None:
    """Write a line and what it does to the balance, both or none.

    Raises, on commit, WalletChanged where the wallet has less than the line takes, Stale where its cause has moved it
    before.
    """
    minor, moved_at = line.amount.amount_minor, utc_key(line.moved_at)
    key = balance_key(user_id, line.amount.currency)
    is_enough = BalanceItem.balance >= -minor if minor < 0 else None
    refusal: CallsheetError | None = WalletChanged() if minor < 0 else None
    moment_key = f"{moved_at}#{line.cause}"
    item = LineItem(user_id, f"{_LINE}{line.cause}", document=line, owner_key=user_id, moment_key=moment_key)
    txn.create(item, Stale())
    txn.update(key, [BalanceItem.balance.add(minor)], is_enough, refusal)
