"""The ledger as finance reads it, and what they ask for."""

from datetime import date
from typing import Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Currency
from callsheet.ledger.model import AccountKind, JournalEntry


class AccountBalance(BaseModel):
    """`balance_minor` is positive where debits prevail. Not a Money: sums may exceed what one amount may be."""

    model_config = FROZEN

    account: str
    currency: Currency
    kind: AccountKind
    balance_minor: int = Field(description="Minor units; positive where debits prevail")


class CurrencyTotal(BaseModel):
    """The two sides of one currency, both positive."""

    model_config = FROZEN

    currency: Currency
    debit_minor: int = Field(ge=0, description="Sum of all debit balances, in minor units")
    credit_minor: int = Field(ge=0, description="Sum of all credit balances, in minor units")


class TrialBalance(BaseModel):
    """Every account's balance, and whether the two sides of each currency agree."""

    model_config = FROZEN

    accounts: tuple[AccountBalance, ...]
    totals: tuple[CurrencyTotal, ...]
    is_balanced: bool


class EntriesQuery(BaseModel):
    model_config = COMMAND

    subject: str = Field(
        pattern=id_pattern("[a-z]{3}"), description="What the entries are about, e.g. a booking"
    )


class Entries(BaseModel):
    """All of one subject, the oldest first: a subject has a handful, so there are no pages."""

    model_config = FROZEN

    items: tuple[JournalEntry, ...]
    next_cursor: None = None


class ExportQuery(BaseModel):
    """A day or a month, in UTC."""

    model_config = COMMAND

    day: date | None = Field(default=None, examples=["2026-03-02"])
    month: str | None = Field(default=None, pattern=r"^20\d\d-(0[1-9]|1[0-2])$", examples=["2026-03"])

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.day is None) == (self.month is None):
            raise ValueError("give a day or a month")
        return self


class JournalExport(BaseModel):
    """A CSV file, a line a posting. `url` can be read by whoever has it, until `expires_at`; the file stays a week."""

    model_config = FROZEN

    first_day: date
    last_day: date
    url: str
    expires_at: AwareDatetime
    sha256: str = Field(description="Of the file, in hexadecimal")
    size_bytes: int
