"""What is asked of wallets and shown of them; a line as it is stored stands in `lines.py`."""

from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Money
from callsheet.kernel.page import Page, PageQuery
from callsheet.wallet.lines import LineKind


class CreditKind(StrEnum):
    """Why support gives credit."""

    GOODWILL = "goodwill"
    REFERRAL = "referral"


class CreditRequest(BaseModel):
    """How much credit, for what, and why, for the record."""

    model_config = COMMAND

    amount: Money
    kind: CreditKind
    reason: str = Field(min_length=3, max_length=500)


class CreditWallet(CreditRequest):
    user_id: str

    @classmethod
    def of(cls, user_id: str, request: CreditRequest) -> Self:
        return cls(user_id=user_id, **dict(request))


class Given(BaseModel):
    """What support has given of late, in minor units by day."""

    model_config = FROZEN

    by_day: dict[str, int]


class LineView(BaseModel):
    """One movement. Who gave a credit and why, staff alone are shown."""

    model_config = FROZEN

    cause: str = Field(description="What moved it, once", examples=["spent:bkg_01J9Z3N8Q7K5V2X4W6Y8A0B1C2"])
    kind: LineKind
    amount: Money = Field(description="Positive where the wallet has more for it")
    booking_id: str | None = Field(default=None, description="None where it is about no booking")
    moved_at: AwareDatetime
    given_by: str | None = None
    reason: str | None = None


class WalletQuery(PageQuery):
    """Of the lines."""


class WalletPage(Page[LineView]):
    """What can be spent, a balance a currency, and a page of what has moved it, the newest first."""

    balances: tuple[Money, ...]
