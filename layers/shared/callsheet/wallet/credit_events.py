"""What support does to wallets, as the rest hears of it."""

from typing import Annotated

from pydantic import Field

from callsheet.kernel.ids import id_pattern
from callsheet.wallet.events import RefundRef, WalletEvent
from callsheet.wallet.model import CreditKind

type CreditRef = Annotated[str, Field(pattern=id_pattern("wcr"))]


class WalletCredited(WalletEvent):
    """Support has given credit."""

    name = "wallet.credited"

    credit_id: CreditRef
    kind: CreditKind


type CashOutRef = Annotated[str, Field(pattern=id_pattern("wco"))]


class CashOutEvent(WalletEvent):
    """`amount` of what a failed refund left as credit."""

    cash_out_id: CashOutRef
    refund_id: RefundRef


class CashOutApproved(CashOutEvent):
    """It is set aside: the bank transfer is to be made."""

    name = "cash_out.approved"


class CashOutPaid(CashOutEvent):
    """It is on its way to a bank account of the client's."""

    name = "cash_out.paid"


class CashOutReturned(CashOutEvent):
    """It is credit again."""

    name = "cash_out.returned"
