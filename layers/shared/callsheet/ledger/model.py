"""Journal entries: what moved between which accounts, and why."""

from collections import Counter
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, model_validator

from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.money import Currency, Money


class Posting(BaseModel):
    """One line of an entry: a debit is positive, a credit negative."""

    model_config = FROZEN

    account: str = Field(pattern="^[^#]+$", examples=["stripe:cash"])
    amount: Money = Field(description="A debit is positive, a credit negative")


def _without_zeros(postings: tuple[Posting, ...]) -> tuple[Posting, ...]:
    return tuple(posting for posting in postings if not posting.amount.is_zero)


type Postings = Annotated[tuple[Posting, ...], AfterValidator(_without_zeros), Field(max_length=40)]


class Entry(BaseModel):
    """A balanced set of postings; ValueError where they are not. Postings of nothing are dropped.

    `subject` is what it is about (`bkg_…`), `cause` why money moved (`capture`, `refund:rfd_…`): a cause moves money of
    a subject once. `reference` is the object at Stripe whose balance transaction the entry mirrors; every entry that
    touches Stripe's cash has one, so that each can be held against what Stripe has booked.
    """

    model_config = FROZEN

    subject: str = Field(min_length=1, description="What it is about, e.g. a booking's id")
    cause: str = Field(min_length=1, examples=["capture"])
    reference: str | None = Field(
        default=None, description="Stripe's object that moved the money", examples=["ch_1"]
    )
    postings: Postings

    @classmethod
    def of(cls, subject: str, cause: str, *lines: tuple[str, Money], reference: str | None = None) -> Self:
        """An entry of `lines`: an account and what is debited, or, where it is negative, credited to it."""
        postings = tuple(Posting(account=account, amount=amount) for account, amount in lines)
        return cls(subject=subject, cause=cause, reference=reference, postings=postings)

    @model_validator(mode="after")
    def _is_balanced(self) -> Self:
        if len(self.postings) < 2:
            raise ValueError("an entry has at least two postings")
        sums: Counter[str] = Counter()
        for posting in self.postings:
            sums[posting.amount.currency] += posting.amount.amount_minor
        if any(sums.values()):
            raise ValueError(f"the postings do not sum to zero: {dict(sums)}")
        return self


class JournalEntry(Entry):
    """An entry as it was written; never changed afterwards."""

    id: str = Field(pattern=id_pattern("jrn"))
    posted_at: AwareDatetime


class AccountKind(StrEnum):
    """Which side an account usually stands on: assets and expenses are debits, the others credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


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
