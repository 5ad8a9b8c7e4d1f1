"""A month of a marketplace's money, made from a seed: what Stripe has booked, what the ledger says, and what differs.

Captures with their fees, refunds, transfers, and disputes that are lost or won; booked by the ledger seconds after
Stripe, so that some of it falls behind a midnight; in three currencies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from callsheet.closing.model import DifferenceKind
from callsheet.gateways.balance import BalanceTransaction
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import FEES_DEFERRED, STRIPE_CASH
from callsheet.ledger.model import Entry, Posting

FIRST = date(2026, 3, 1)
# Stripe's type and object, the amount and its fee, when, and the causes that the ledger books it under.
type _Step = tuple[str, str, int, int, datetime, tuple[str, ...]]
_CURRENCIES = ("USD", "USD", "USD", "USD", "EUR", "JPY")
_OTHER = {"USD": "EUR", "EUR": "USD", "JPY": "USD"}


@dataclass(frozen=True, slots=True)
class Booked:
    """What an entry says of Stripe's cash."""

    at: datetime
    subject: str
    cause: str
    reference: str
    cash: Money

    def entry(self) -> Entry:
        lines = ((STRIPE_CASH, self.cash), (FEES_DEFERRED, -self.cash))
        postings = tuple(Posting(account=account, amount=amount) for account, amount in lines)
        return Entry(subject=self.subject, cause=self.cause, reference=self.reference, postings=postings)


@dataclass(slots=True)
class Month:
    """`injected` are the differences by their reference: exactly these are to be found."""

    days: int
    transactions: list[BalanceTransaction] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    injected: dict[str, DifferenceKind] = field(default_factory=dict)

    def dates(self) -> list[date]:
        """Its days, and one more for what was booked behind the last midnight."""
        return [FIRST + timedelta(days=day) for day in range(self.days + 1)]


def a_month(bookings: int, differences: int = 0, days: int = 30, seed: int = 1) -> Month:
    """`differences` are spread evenly over the five kinds; what is left of the division, over the first ones."""
    random, month = Random(seed), Month(days)
    for number in range(bookings):
        for transaction, booked in _life(number, random, days):
            month.transactions.append(transaction)
            month.booked += booked
    _inject(month, differences, random)
    return month


def _life(number: int, random: Random, days: int) -> Iterator[tuple[BalanceTransaction, tuple[Booked, ...]]]:
    """What one booking moves, and how the ledger books it. Nothing happens behind the month's last midnight."""
    subject, currency = f"bkg_{number:026d}", random.choice(_CURRENCIES)
    start = datetime.combine(FIRST, datetime.min.time(), UTC)
    at = start + timedelta(seconds=random.randrange(days * 86_400))
    gross = random.randrange(2_000, 90_000)
    steps: list[_Step] = [
        ("charge", f"ch_{number:06d}", gross, round(gross * 0.029) + 30, at, ("capture", "processing"))
    ]
    if random.random() < 0.08:
        later = at + timedelta(hours=random.randrange(1, 100))
        steps.append(("refund", f"re_{number:06d}", -gross // 2, 0, later, ("refund:1",)))
    elif random.random() < 0.9:
        later = at + timedelta(hours=random.randrange(48, 200))
        steps.append(("transfer", f"tr_{number:06d}", -(gross * 4 // 5), 0, later, ("transfer",)))
    if random.random() < 0.02:
        dispute, later = f"dp_{number:06d}", at + timedelta(hours=random.randrange(100, 300))
        steps.append(("adjustment", dispute, -gross, 1_500, later, ("dispute_opened", "dispute_fee")))
        if random.random() < 0.5:
            won = later + timedelta(hours=random.randrange(24, 200))
            steps.append(("adjustment", dispute, gross, 0, won, ("dispute_won",)))
    for kind, source, amount, fee, moment, causes in steps:
        if moment >= start + timedelta(days=days):
            return
        yield (
            BalanceTransaction(
                id=f"txn_{source}_{causes[0]}",
                type=kind,
                source=source,
                amount=Money.of(amount, currency),
                fee=Money.of(fee, currency),
                created_at=moment,
            ),
            tuple(
                Booked(
                    moment + timedelta(seconds=random.randrange(1, 90)),
                    subject,
                    f"{cause}:{source}",
                    source,
                    Money.of(minor, currency),
                )
                for cause, minor in zip(causes, (amount, -fee), strict=False)
            ),
        )


def _inject(month: Month, differences: int, random: Random) -> None:
    """Break so many objects, each in one way."""
    references = sorted({booked.reference for booked in month.booked})
    kinds = list(DifferenceKind)
    chosen = random.sample(references, differences)
    month.injected = {reference: kinds[index % len(kinds)] for index, reference in enumerate(chosen)}
    of_kind = month.injected.get
    month.transactions = [
        one for one in month.transactions if of_kind(one.reference) is not DifferenceKind.EXTRA
    ]
    month.booked = [kept for one in month.booked for kept in _broken(one, of_kind(one.reference), random)]


def _broken(booked: Booked, kind: DifferenceKind | None, random: Random) -> tuple[Booked, ...]:
    """How an entry is there that is broken in a way; its neighbours of the same object are broken alike."""
    cash = booked.cash
    match kind:
        case None | DifferenceKind.EXTRA:
            return (booked,)
        case DifferenceKind.MISSING:
            return ()
        case DifferenceKind.AMOUNT:
            return (
                replace(booked, cash=Money.of(cash.amount_minor + random.randrange(1, 500), cash.currency)),
            )
        case DifferenceKind.CURRENCY:
            return (replace(booked, cash=Money.of(cash.amount_minor, _OTHER[cash.currency])),)
        case DifferenceKind.DUPLICATE:
            again = booked.at + timedelta(seconds=random.randrange(1, 7_200))
            return booked, replace(booked, at=again, subject=f"{booked.subject}x")
