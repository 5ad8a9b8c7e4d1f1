"""What of a client's credit they had paid by card: all else was given to them, and goes to no bank. Pure (ADR 0205)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from callsheet.wallet.lines import Line, LineKind


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """In minor units: what is left in the wallet, and what each refund has brought."""

    left_minor: int
    by_refund: Mapping[str, int]
    bookings: Mapping[str, str]


@dataclass(slots=True)
class _Purses:
    own: int = 0
    given: int = 0
    spent_given: Counter[str] = field(default_factory=Counter)
    spent_own: Counter[str] = field(default_factory=Counter)
    by_refund: Counter[str] = field(default_factory=Counter)
    bookings: dict[str, str] = field(default_factory=dict)

    def spend(self, booking_id: str, minor: int) -> None:
        """What was given goes first: it is the kinder order, and never makes money of a gift."""
        gift = min(self.given, minor)
        self.given, self.own = self.given - gift, self.own - (minor - gift)
        self.spent_given[booking_id] += gift
        self.spent_own[booking_id] += minor - gift

    def come_back(self, booking_id: str, minor: int) -> int:
        """Of what was spent on that booking, the gift first; how much it had not been spent."""
        gift = min(self.spent_given[booking_id], minor)
        own = min(self.spent_own[booking_id], minor - gift)
        self.spent_given[booking_id] -= gift
        self.spent_own[booking_id] -= own
        self.given, self.own = self.given + gift, self.own + own
        return minor - gift - own

    def bring(self, line: Line, minor: int) -> None:
        """What was on its way to a card."""
        refund_id = line.cause.partition(":")[2]
        self.own += minor
        self.by_refund[refund_id] += minor
        self.bookings[refund_id] = line.subject

    def play(self, line: Line) -> None:
        minor = line.amount.amount_minor
        match line.kind:
            case LineKind.GOODWILL | LineKind.REFERRAL:
                self.given += minor
            case LineKind.SPENT:
                self.spend(line.subject, -minor)
            case LineKind.RETURNED:
                self.come_back(line.subject, minor)
            case LineKind.REFUND_RESIDUE:
                # More comes back than was spent where a lost dispute keeps a refund from the card (ADR 0180).
                if rest := self.come_back(line.subject, minor):
                    self.bring(line, rest)
            case LineKind.REFUND_FAILED:
                self.bring(line, minor)
            case LineKind.CASHED_OUT | LineKind.CASH_OUT_RETURNED:
                self.own += minor


def own_money(lines: Iterable[Line], currency: str) -> OwnMoney:
    """Played again from the first line of this currency; of two of one moment the one that brings comes first."""
    purses = _Purses()
    ours = (line for line in lines if line.amount.currency == currency)
    for line in sorted(ours, key=lambda line: (line.moved_at, line.amount.amount_minor < 0, line.cause)):
        purses.play(line)
    return OwnMoney(max(purses.own, 0), dict(purses.by_refund), purses.bookings)
