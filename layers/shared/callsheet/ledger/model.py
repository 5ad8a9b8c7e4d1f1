"""Journal entries: what moved between which accounts, and why."""

from collections import Counter
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, model_validator

from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money


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
