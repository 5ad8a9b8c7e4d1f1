"""What support does to wallets, as the rest hears of it."""

from typing import Annotated

from pydantic import Field

from callsheet.kernel.ids import id_pattern
from callsheet.wallet.events import WalletEvent
from callsheet.wallet.model import CreditKind

type CreditRef = Annotated[str, Field(pattern=id_pattern("wcr"))]


class WalletCredited(WalletEvent):
    """Support has given credit."""

    name = "wallet.credited"

    credit_id: CreditRef
    kind: CreditKind
