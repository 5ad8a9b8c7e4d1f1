"""A provider's month, as a pure function of their journal entries and bookings.

The journal is the only source of figures: what stands on the payable at the end of a month is what stood there before
and every entry in between, and the builder refuses to say anything else.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ulid import ULID

from callsheet.bookings.model import Booking
from callsheet.documents.model import (
    Amount,
    Balances,
    CurrencyStatement,
    Movement,
    MovementKind,
    Party,
    Statement,
    StatementBooking,
)
from callsheet.kernel.money import Money, zero
from callsheet.ledger.accounts import provider_payable, provider_receivable, provider_reserve
from callsheet.ledger.model import JournalEntry

_KINDS = {
    "capture": MovementKind.PAYMENT,
    "capture_wallet": MovementKind.PAYMENT,
    "refund": MovementKind.REFUND,
    "refund_wallet": MovementKind.REFUND,
    "transfer": MovementKind.TRANSFER,
    "transfer_reversal": MovementKind.TRANSFER_REVERSED,
    "reserve": MovementKind.RESERVED,
    "reserve_release": MovementKind.RESERVE_RELEASED,
    "netting": MovementKind.NETTED,
    "debt": MovementKind.NETTED,
    "dispute_opened": MovementKind.DISPUTE,
    "dispute_won": MovementKind.DISPUTE,
    "dispute_lost": MovementKind.DISPUTE,
    "dispute_fee": MovementKind.DISPUTE,
    "adjustment": MovementKind.ADJUSTMENT,
}


class Span(NamedTuple):
    """From a moment to just before another."""

    begins_at: datetime
    ends_at: datetime


def month_of(moment: datetime) -> str:
    """`2026-03`, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def span_of(month: str) -> Span:
    """The month's first moment, and the next month's."""
    year, number = int(month[:4]), int(month[5:7])
    begins_at = datetime(year, number, 1, tzinfo=UTC)
    return Span(begins_at, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC))


def month_before(moment: datetime) -> str:
    first = span_of(month_of(moment)).begins_at
    return f"{first.year - (first.month == 1)}-{(first.month - 2) % 12 + 1:02}"


def statement_id(provider_id: str, month: str) -> str:
    """The same for the same month of the same provider: a ULID of the month's first moment and a hash of both."""
    moment = int(span_of(month).begins_at.timestamp() * 1000).to_bytes(6, "big")
    rest = hashlib.sha256(f"{provider_id}#{month}".encode()).digest()[:10]
    return f"stm_{ULID.from_bytes(moment + rest)}"


def statement_number(provider_id: str, month: str, version: int) -> str:
    """`S-202603-7QX4M2KD9A-1`."""
    return f"S-{month.replace('-', '')}-{statement_id(provider_id, month)[-10:]}-{version}"


def build_statement(
    provider: Party,
    month: str,
    entries: Sequence[JournalEntry],
    bookings: Mapping[str, Booking],
    opening: Mapping[str, Balances],
    *,
    version: int = 1,
) -> Statement | None:
    """None where nothing has moved in the month.

    `entries` are those of the provider since the moment at which `opening` (by currency) stood there, up to the
    month's end, the oldest first; what of them is older than the month adds to the opening. `bookings` are those that
    the entries speak of, and those that were completed in the month.
    """
    span = span_of(month)
    before = [entry for entry in entries if entry.posted_at < span.begins_at]
    within = [entry for entry in entries if span.begins_at <= entry.posted_at < span.ends_at]
    completed = [booking for booking in bookings.values() if _is_within(booking.completed_at, span)]
    if not within and not completed:
        return None
    opened = dict(opening)
    _add(opened, before, provider.id)
    currencies = {booking.price.total.currency for booking in completed} | set(opened)
    currencies |= {currency for entry in within for currency in _effects(entry, provider.id)}
    number = statement_number(provider.id, month, version)
    return Statement(
        id=statement_id(provider.id, month),
        number=number,
        version=version,
        issued_at=span.ends_at,
        replaces=statement_number(provider.id, month, version - 1) if version > 1 else None,
        month=month,
        provider=provider,
        currencies=tuple(
            _currency(
                currency,
                provider.id,
                within,
                bookings,
                opening=opened.get(currency, Balances()),
                span=span,
            )
            for currency in sorted(currencies)
        ),
    )


def closing_of(statement: Statement) -> dict[str, Balances]:
    """What the next statement opens with."""
    return {part.currency: part.closing for part in statement.currencies}


def _currency(
    currency: str,
    provider_id: str,
    entries: Sequence[JournalEntry],
    bookings: Mapping[str, Booking],
    *,
    opening: Balances,
    span: Span,
) -> CurrencyStatement:
    moved = [entry for entry in entries if currency in _effects(entry, provider_id)]
    movements = tuple(
        Movement(
            entry_id=entry.id,
            kind=_kind(entry),
            posted_at=entry.posted_at,
            subject=entry.subject,
            reference=entry.reference,
            amount=Money.of(_effects(entry, provider_id)[currency].payable_minor, currency),
        )
        for entry in moved
        if _effects(entry, provider_id)[currency].payable_minor
    )
    closing = {currency: opening}
    _add(closing, moved, provider_id)
    # A payment is two movements where credit has paid a part of it.
    subjects = dict.fromkeys(part.subject for part in movements if part.kind is MovementKind.PAYMENT)
    paid = [bookings[subject] for subject in subjects if subject in bookings]
    return CurrencyStatement(
        currency=currency,
        opening=opening,
        bookings=_bookings(currency, movements, bookings, span),
        gross_minor=sum(booking.price.subtotal.amount_minor for booking in paid),
        provider_fee_minor=sum(booking.price.provider_fee.amount_minor for booking in paid),
        movements=movements,
        sums=_sums(movements),
        closing=closing[currency],
    )


def _bookings(
    currency: str, movements: Sequence[Movement], bookings: Mapping[str, Booking], span: Span
) -> tuple[StatementBooking, ...]:
    """Those that were completed or refunded in the month, by what happened first."""
    refunds: dict[str, list[Movement]] = defaultdict(list)
    for movement in movements:
        if movement.kind is MovementKind.REFUND:
            refunds[movement.subject].append(movement)
    told = []
    for booking in bookings.values():
        is_completed = _is_within(booking.completed_at, span)
        back = refunds[booking.id]
        if booking.price.total.currency == currency and (is_completed or back):
            told.append(_booking(booking, back, is_completed=is_completed))
    return tuple(sorted(told, key=lambda row: (row.completed_on or row.refunded_on, row.booking_id)))


def _booking(booking: Booking, refunds: Sequence[Movement], *, is_completed: bool) -> StatementBooking:
    price = booking.price
    refunded = zero(price.total.currency)
    for refund in refunds:
        refunded = refunded - refund.amount
    return StatementBooking(
        booking_id=booking.id,
        title=price.lines[0].title,
        completed_on=booking.completed_at.date() if is_completed and booking.completed_at else None,
        refunded_on=refunds[-1].posted_at.date() if refunds else None,
        gross=price.subtotal,
        provider_fee=price.provider_fee,
        refunded=refunded,
        net=price.provider_net - refunded,
    )


def _is_within(moment: datetime | None, span: Span) -> bool:
    return moment is not None and span.begins_at <= moment < span.ends_at


def _sums(movements: Iterable[Movement]) -> tuple[Amount, ...]:
    """A sum a kind, in the order in which `MovementKind` names them."""
    sums: dict[MovementKind, int] = {}
    for movement in movements:
        sums[movement.kind] = sums.get(movement.kind, 0) + movement.amount.amount_minor
    return tuple(Amount(kind=kind, amount_minor=sums[kind]) for kind in MovementKind if kind in sums)


def _kind(entry: JournalEntry) -> MovementKind:
    return _KINDS.get(entry.cause.partition(":")[0], MovementKind.OTHER)


def _effects(entry: JournalEntry, provider_id: str) -> dict[str, Balances]:
    """By how much an entry moves the provider's accounts in each currency: credits are theirs, debits ours."""
    accounts = {
        provider_payable(provider_id): "payable_minor",
        provider_reserve(provider_id): "reserve_minor",
        provider_receivable(provider_id): "owed_minor",
    }
    moved: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for posting in entry.postings:
        field = accounts.get(posting.account)
        if field is not None:
            # What they owe is a debit; what they are owed is a credit. Both are told as positive.
            sign = 1 if field == "owed_minor" else -1
            moved[posting.amount.currency][field] += sign * posting.amount.amount_minor
    return {currency: Balances(**fields) for currency, fields in moved.items()}


def _add(balances: dict[str, Balances], entries: Iterable[JournalEntry], provider_id: str) -> None:
    for entry in entries:
        for currency, change in _effects(entry, provider_id).items():
            now = balances.get(currency, Balances())
            balances[currency] = Balances(
                payable_minor=now.payable_minor + change.payable_minor,
                reserve_minor=now.reserve_minor + change.reserve_minor,
                owed_minor=now.owed_minor + change.owed_minor,
            )
