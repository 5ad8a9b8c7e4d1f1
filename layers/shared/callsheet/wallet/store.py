"""What is read of wallets, and what support has given of late; what moves them stands in `movements.py`."""

from collections.abc import Sequence

from callsheet.kernel.access import AccessPath
from callsheet.kernel.money import Money
from callsheet.kernel.page import Position
from callsheet.platform.pages import newest_first
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction
from callsheet.wallet.lines import Line
from callsheet.wallet.model import Given
from callsheet.wallet.movements import BALANCE, BalanceItem, LineItem

_GIVEN = "GIVEN#"


class GivenItem(Table):
    """What support has given one user of late in one currency."""

    logical_name = "wallet"
    document = Document(Given)


def given_key(user_id: str, currency: str) -> Key:
    return (GivenItem, user_id, f"{_GIVEN}{currency}")


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
    items = BalanceItem.query(user_id, BalanceItem.sk.startswith(BALANCE), consistent_read=True)
    return [Money.of(item.balance, item.sk.removeprefix(BALANCE)) for item in items if item.balance]


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
