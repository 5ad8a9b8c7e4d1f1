"""What the journal says of the money between a client and us: Stripe's fee and transfers are none of theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from callsheet.bookings.model import Booking
from callsheet.documents.receipt import Disputed, MoneyKind, MoneyMoved, Outcome
from callsheet.kernel.money import Money, total
from callsheet.ledger.accounts import DISPUTED, STRIPE_CASH, WALLET_HELD, wallet
from callsheet.ledger.model import JournalEntry
from callsheet.payments.model import Payment

_CAPTURE: Final = "capture"
_LOST: Final = "dispute_lost"
_KINDS: Final[Mapping[str, MoneyKind]] = {
    _CAPTURE: "payment",
    "capture_wallet": "credit",
    "refund": "refund",
    "refund_wallet": "credit_returned",
    "refund_failed": "refund_failed",
    "refund_credited": "credit_returned",
    _LOST: "taken_back",
}
_OUTCOMES: Final[Mapping[str, Outcome]] = {
    "dispute_opened": "open",
    "dispute_won": "won",
    _LOST: "lost",
}


@dataclass(frozen=True, slots=True)
class Account:
    """A booking or an amendment, its payment, and all journal entries about it."""

    booking: Booking
    payment: Payment
    entries: Sequence[JournalEntry]

    @property
    def has_been_paid(self) -> bool:
        return any(entry.cause == _CAPTURE for entry in self.entries)

    @property
    def amendment_id(self) -> str | None:
        return self.booking.id if self.booking.amends else None


def moved_of(account: Account) -> tuple[MoneyMoved, ...]:
    """What has come and gone back, the oldest first."""
    return tuple(_moved(account, entry) for entry in account.entries if _cause(entry) in _KINDS)


def disputes_of(account: Account) -> tuple[Disputed, ...]:
    """Those that have taken money, as far as they have come; in the order they were opened."""
    steps: dict[str, dict[str, JournalEntry]] = {}
    for entry in account.entries:
        if _cause(entry) in _OUTCOMES:
            steps.setdefault(entry.cause.partition(":")[2], {})[_cause(entry)] = entry
    return tuple(_disputed(account, dispute_id, told) for dispute_id, told in steps.items())


def last_moved_at(account: Account) -> datetime | None:
    """When the last of what a receipt tells of was posted."""
    told = [
        entry.posted_at for entry in account.entries if _cause(entry) in _KINDS or _cause(entry) in _OUTCOMES
    ]
    return max(told, default=None)


def _moved(account: Account, entry: JournalEntry) -> MoneyMoved:
    """What an entry moved on Stripe's cash, or of the client's credit, is what they have given or got."""
    cause, payment = _cause(entry), account.payment
    of_dispute = cause == _LOST
    theirs = {DISPUTED} if of_dispute else {STRIPE_CASH, WALLET_HELD, wallet(payment.client_id)}
    return MoneyMoved(
        kind=_KINDS[cause],
        moved_on=entry.posted_at.astimezone(UTC).date(),
        reference=entry.reference or (payment.charge_id if cause == _CAPTURE else None),
        amendment_id=account.amendment_id,
        amount=_posted(entry, theirs, payment.amount.currency),
    )


def _disputed(account: Account, dispute_id: str, steps: Mapping[str, JournalEntry]) -> Disputed:
    opened = steps.get("dispute_opened") or next(iter(steps.values()))
    moved = _posted(opened, {DISPUTED}, account.payment.amount.currency)
    closed = steps.get("dispute_won") or steps.get(_LOST)
    return Disputed(
        reference=dispute_id,
        amendment_id=account.amendment_id,
        amount=max(moved, -moved),
        outcome=_OUTCOMES[_cause(closed or opened)],
        opened_on=opened.posted_at.astimezone(UTC).date(),
        closed_on=closed.posted_at.astimezone(UTC).date() if closed else None,
    )


def _posted(entry: JournalEntry, accounts: set[str], currency: str) -> Money:
    return total([posting.amount for posting in entry.postings if posting.account in accounts], currency)


def _cause(entry: JournalEntry) -> str:
    return entry.cause.partition(":")[0]
