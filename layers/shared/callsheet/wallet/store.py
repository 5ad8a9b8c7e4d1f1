"""Wallets: a balance a currency that is never negative, and lines that are written once for what causes them."""

from collections.abc import Sequence

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.kernel.access import AccessPath
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.money import Money
from callsheet.kernel.page import Position
from callsheet.platform.pages import newest_first
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, StrictInteger, Table, utc_key
from callsheet.platform.transaction import Transaction
from callsheet.wallet.errors import WalletChanged
from callsheet.wallet.model import Given, Line

_BALANCE, _LINE, _GIVEN = "BALANCE#", "LINE#", "GIVEN#"


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


class GivenItem(Table):
    """What support has given one user of late in one currency."""

    logical_name = "wallet"
    document = Document(Given)


def sort_of(currency: str) -> str:
    return f"{_BALANCE}{currency}"


def balance_key(user_id: str, currency: str) -> Key:
    return (BalanceItem, user_id, sort_of(currency))


def given_key(user_id: str, currency: str) -> Key:
    return (GivenItem, user_id, f"{_GIVEN}{currency}")


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


def save_given(txn: Transaction, user_id: str, currency: str, stored: Table | None, given: Given) -> None:
    """Stale where somebody else has given meanwhile: two credits at once are counted together."""
    if isinstance(stored, GivenItem):
        stored.document = given
        txn.replace(stored, Stale())
    else:
        item_class, pk, sk = given_key(user_id, currency)
        txn.create(item_class(pk, sk, document=given), Stale())


def balances_of(user_id: str) -> list[Money]:
    """What a user can spend, by currency; one query. What was spent to the end is left out."""
    items = BalanceItem.query(user_id, BalanceItem.sk.startswith(_BALANCE), consistent_read=True)
    return [Money.of(item.balance, item.sk.removeprefix(_BALANCE)) for item in items if item.balance]


def lines_of(user_id: str, limit: int, after: Position | None) -> tuple[Sequence[Line], Position | None]:
    """One page of what has moved a wallet, newest first, and where it ended; one query."""
    items, position = newest_first(LineItem.by_owner, user_id, limit, after)
    return [item.document for item in items], position


ACCESS_PATHS = (
    AccessPath(
        name="what a user can spend in one currency",
        table="wallet",
        keys="pk = <user id>, sk = BALANCE#<currency>",
        use_cases=("bookings.create_booking",),
    ),
    AccessPath(
        name="what a user can spend in any currency",
        table="wallet",
        keys="pk = <user id>, sk begins with BALANCE#",
        use_cases=("wallet.get_wallet",),
    ),
    AccessPath(
        name="what has moved a wallet, newest first",
        table="wallet",
        index="by_owner",
        keys="owner_key = <user id>, moment_key in reverse order",
        use_cases=("wallet.get_wallet",),
    ),
    AccessPath(
        name="what support has given a user of late",
        table="wallet",
        keys="pk = <user id>, sk = GIVEN#<currency>",
        use_cases=("wallet.credit_wallet",),
    ),
)
