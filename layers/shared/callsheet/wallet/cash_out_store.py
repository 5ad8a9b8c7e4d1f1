"""Cash-outs, one item each below whom they are for, and what they come to, which every one of them writes."""

from callsheet.kernel.access import AccessPath
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction
from callsheet.wallet.cash_outs import CashedOut, CashOut

_SORT, _SUM = "CASHOUT#", "CASHED#"


class CashOutItem(Table):
    logical_name = "wallet"
    document = Document(CashOut)


class CashedOutItem(Table):
    """Of one user in one currency."""

    logical_name = "wallet"
    document = Document(CashedOut)


def cash_out_key(user_id: str, cash_out_id: str) -> Key:
    return (CashOutItem, user_id, f"{_SORT}{cash_out_id}")


def cashed_out_key(user_id: str, currency: str) -> Key:
    return (CashedOutItem, user_id, f"{_SUM}{currency}")


def add_cash_out(txn: Transaction, cash_out: CashOut) -> None:
    txn.create(CashOutItem(cash_out.user_id, f"{_SORT}{cash_out.id}", document=cash_out), Stale())


def save_cash_out(txn: Transaction, stored: CashOutItem, cash_out: CashOut) -> None:
    """Stale where somebody has decided meanwhile."""
    stored.document = cash_out
    txn.replace(stored, Stale())


def save_cashed_out(txn: Transaction, cash_out: CashOut, stored: Table | None, done: CashedOut) -> None:
    """Stale where another was decided on meanwhile: two at once are counted together."""
    if isinstance(stored, CashedOutItem):
        stored.document = done
        txn.replace(stored, Stale())
    else:
        _, pk, sk = cashed_out_key(cash_out.user_id, cash_out.amount.currency)
        txn.create(CashedOutItem(pk, sk, document=done), Stale())


def cash_outs_of(user_id: str) -> tuple[CashOut, ...]:
    """One query; ids sort by birth."""
    items = CashOutItem.query(user_id, CashOutItem.sk.startswith(_SORT), consistent_read=True)
    return tuple(item.document for item in items)


ACCESS_PATHS = (
    AccessPath(
        name="one cash-out",
        table="wallet",
        keys="pk = <user id>, sk = CASHOUT#<cash-out id>",
        use_cases=("wallet.decide_cash_out", "wallet.settle_cash_out", "wallet.check_cash_out"),
    ),
    AccessPath(
        name="a client's cash-outs",
        table="wallet",
        keys="pk = <user id>, sk begins with CASHOUT#",
        use_cases=("wallet.list_cash_outs",),
    ),
    AccessPath(
        name="what was paid out of a client's credit in one currency",
        table="wallet",
        keys="pk = <user id>, sk = CASHED#<currency>",
        use_cases=("wallet.ask_cash_out", "wallet.decide_cash_out", "wallet.settle_cash_out"),
    ),
    AccessPath(
        name="all that has moved a wallet",
        table="wallet",
        keys="pk = <user id>, sk begins with LINE#",
        use_cases=("wallet.ask_cash_out", "wallet.decide_cash_out"),
    ),
)
