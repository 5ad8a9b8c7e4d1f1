"""A provider's month on paper: one section a currency."""

from itertools import chain

from reportlab.platypus import Flowable

from callsheet.documents.canonical import document_hash
from callsheet.documents.figures import amount, day, figure, month_name, short_day
from callsheet.documents.model import (
    CurrencyStatement,
    Movement,
    MovementKind,
    Statement,
    StatementBooking,
)
from callsheet.documents.paper import MUTED, Title, render, style, text
from callsheet.documents.statements import span_of
from callsheet.documents.tables import Column, Fact, Sum, facts, gap, heading, lines, parties, sums

_WORDS = {
    MovementKind.PAYMENT: "Earned from bookings",
    MovementKind.REFUND: "Refunds to clients",
    MovementKind.TRANSFER: "Transfers to you",
    MovementKind.TRANSFER_REVERSED: "Transfers taken back",
    MovementKind.RESERVED: "Kept as a reserve",
    MovementKind.RESERVE_RELEASED: "Reserve released",
    MovementKind.NETTED: "Set off against what you owed",
    MovementKind.DISPUTE: "Disputes",
    MovementKind.ADJUSTMENT: "Adjustments",
    MovementKind.OTHER: "Other",
}


def statement_pdf(statement: Statement) -> bytes:
    title = Title(
        word="Statement",
        number=statement.number,
        issued_at=statement.issued_at,
        sha256=document_hash(statement),
        subject=f"Earnings in {month_name(statement.month)}",
    )
    provider = statement.provider
    story = [
        facts(
            [
                Fact("Statement number", statement.number),
                Fact("Period", month_name(statement.month)),
                Fact("Issued on", day(statement.issued_at)),
            ]
        ),
        gap(7),
        parties([("For", provider.name or provider.id, (provider.id,) if provider.name else ())]),
        *chain.from_iterable(_section(part, statement.month) for part in statement.currencies),
    ]
    if statement.replaces:
        words = f"This statement replaces {statement.replaces}, which stays on record."
        story += [gap(8), text(words, style(8.5, color=MUTED))]
    return render(title, story)


def _section(part: CurrencyStatement, month: str) -> list[Flowable]:
    story = [gap(7), heading(f"Summary in {part.currency}"), gap(1), _summary(part, month)]
    if part.bookings:
        story += [gap(8), heading("Bookings completed or refunded"), gap(1), _bookings(part)]
    if part.movements:
        story += [gap(8), heading("Every movement of your balance"), gap(1), _movements(part)]
    return story


def _summary(part: CurrencyStatement, month: str) -> Flowable:
    """It adds up from top to bottom; gross and fee are explained below what they come to."""
    span, currency = span_of(month), part.currency
    rows = [Sum(f"Balance on {day(span.begins_at)}", figure(part.opening.payable_minor, currency))]
    for change in part.sums:
        rows.append(Sum(_WORDS[change.kind], figure(change.amount_minor, currency)))
        if change.kind is MovementKind.PAYMENT:
            gross, fee = figure(part.gross_minor, currency), figure(-part.provider_fee_minor, currency)
            rows[-1] = Sum(f"{_WORDS[change.kind]} (gross {gross}, fee {fee})", rows[-1].figure)
    rows.append(
        Sum(
            "Balance at the end", f"{currency} {figure(part.closing.payable_minor, currency)}", is_strong=True
        )
    )
    others = (("Held as a reserve", part.closing.reserve_minor), ("Owed by you", part.closing.owed_minor))
    rows += [Sum(words, figure(minor, currency)) for words, minor in others if minor]
    return sums(rows, share=1, figures=0.3)


def _bookings(part: CurrencyStatement) -> Flowable:
    columns = (
        Column("Booking", 0.38),
        Column("Completed", 0.155),
        Column(f"Gross ({part.currency})", 0.125, is_figure=True),
        Column("Fee", 0.105, is_figure=True),
        Column("Refunded", 0.115, is_figure=True),
        Column("Yours", 0.12, is_figure=True),
    )
    return lines(columns, [_booking(booking) for booking in part.bookings])


def _booking(row: StatementBooking) -> tuple[str, ...]:
    return (
        row.title,
        short_day(row.completed_on) if row.completed_on else "–",
        amount(row.gross),
        amount(-row.provider_fee),
        "–" if row.refunded.is_zero else amount(-row.refunded),
        amount(row.net),
    )


def _movements(part: CurrencyStatement) -> Flowable:
    columns = (
        Column("Date", 0.14),
        Column("", 0.27),
        Column("Booking", 0.42),
        Column(f"Amount ({part.currency})", 0.17, is_figure=True),
    )
    return lines(columns, [_movement(movement) for movement in part.movements])


def _movement(movement: Movement) -> tuple[str, str, str, str]:
    kind = _WORDS[movement.kind]
    return (short_day(movement.posted_at), kind, movement.subject, amount(movement.amount))
