"""A receipt on paper."""

from collections.abc import Mapping

from reportlab.platypus import Flowable

from callsheet.bookings.amends import AmendmentKind
from callsheet.documents.canonical import document_hash
from callsheet.documents.figures import amount, amount_with_currency, day, short_day, span
from callsheet.documents.model import Party
from callsheet.documents.paper import MUTED, Title, render, style, text
from callsheet.documents.receipt import (
    Billed,
    BilledAmendment,
    Cancelled,
    Disputed,
    MoneyKind,
    MoneyMoved,
    Outcome,
    Receipt,
    TaxLine,
)
from callsheet.documents.tables import Column, Fact, Sum, facts, gap, heading, lines, parties, sums, together
from callsheet.kernel.money import Money, total

_PARTS = {"service": "Service", "fee": "Callsheet fee"}
_WORDS: Mapping[MoneyKind, str] = {
    "payment": "Payment",
    "credit": "Credit",
    "refund": "Refund",
    "credit_returned": "Credit again",
    "refund_failed": "Refund failed at the bank",
    "taken_back": "Taken by the bank",
}
_KINDS: Mapping[AmendmentKind, str] = {
    AmendmentKind.CHANGE_ORDER: "Change order",
    AmendmentKind.OVERTIME: "Overtime",
}
_OUTCOMES: Mapping[Outcome, str] = {
    "open": "The bank decides",
    "won": "Paid again",
    "lost": "Lost",
}


def receipt_pdf(receipt: Receipt) -> bytes:
    title = Title(
        word="Receipt",
        number=receipt.number,
        issued_at=receipt.issued_at,
        sha256=document_hash(receipt),
        subject=f"Booking {receipt.booking_id}",
    )
    story = [
        _facts(receipt),
        gap(7),
        parties((_party("Billed to", receipt.client), _party("For the services of", receipt.provider))),
        gap(8),
        *_billed(receipt),
        *_amendments(receipt),
        *_taxes(receipt),
        gap(8),
        *_moved(receipt),
        *_disputes(receipt),
        *_words(receipt),
    ]
    return render(title, story)


def _facts(receipt: Receipt) -> Flowable:
    when = "Remote" if receipt.starts_at is None else span(receipt.starts_at, receipt.ends_at)
    return facts(
        [
            Fact("Receipt number", receipt.number),
            Fact("Issued on", day(receipt.issued_at)),
            Fact("Session", when),
        ]
    )


def _party(role: str, party: Party) -> tuple[str, str, tuple[str, ...]]:
    return (role, party.name or party.id, (party.id,) if party.name else ())


def _billed(part: Billed) -> list[Flowable]:
    """What was sold and what it comes to; the sum does not stand alone on another page."""
    columns = (Column("Description", 0.74), Column(f"Amount ({part.total.currency})", 0.26, is_figure=True))
    shown = [
        lines(columns, [(line.title, amount(line.amount)) for line in part.lines]),
        gap(3),
        _totals(part),
    ]
    if part.cancellation is not None:
        shown += [gap(2), _cancelled(part.cancellation)]
    return shown


def _totals(part: Billed) -> Flowable:
    rows = [Sum("Subtotal", amount(part.subtotal))]
    if not part.client_fee.is_zero:
        rows.append(Sum("Callsheet fee", amount(part.client_fee)))
    if not part.tax.is_zero:
        rows.append(Sum("Tax", amount(part.tax)))
    return sums([*rows, Sum("Total", amount_with_currency(part.total), is_strong=True)])


def _cancelled(cancelled: Cancelled) -> Flowable:
    rows = [Sum(f"Cancelled {short_day(cancelled.cancelled_on)}, fee", amount_with_currency(cancelled.fee))]
    return sums(rows)


def _amendments(receipt: Receipt) -> list[Flowable]:
    if not receipt.amendments:
        return []
    shown: list[Flowable] = []
    for number, amendment in enumerate(receipt.amendments, 1):
        shown += [gap(7), together(heading(_amendment(number, amendment)), gap(1), *_billed(amendment))]
    everything = total([receipt.total, *(one.total for one in receipt.amendments)], receipt.total.currency)
    return [*shown, gap(5), sums([Sum("Total of all", amount_with_currency(everything), is_strong=True)])]


def _amendment(number: int, amendment: BilledAmendment) -> str:
    minutes = f" of {amendment.minutes} minutes" if amendment.minutes else ""
    return f"{number}. {_KINDS[amendment.kind]}{minutes}, {day(amendment.agreed_on)}"


def _taxes(receipt: Receipt) -> list[Flowable]:
    currency = receipt.total.currency
    parts: tuple[Billed, ...] = (receipt, *receipt.amendments)
    rows = [_tax(number, line) for number, part in enumerate(parts) for line in part.taxes]
    if not rows:
        return []
    columns = (
        Column("On", 0.26),
        Column("Jurisdiction", 0.26),
        Column("Rate", 0.14, is_figure=True),
        Column(f"Taxable ({currency})", 0.17, is_figure=True),
        Column(f"Tax ({currency})", 0.17, is_figure=True),
    )
    return [gap(8), together(heading("Tax"), gap(1), lines(columns, rows))]


def _tax(number: int, line: TaxLine) -> tuple[str, str, str, str, str]:
    part = _PARTS.get(line.part, line.part)
    return (
        f"{number}. {part}" if number else part,
        line.jurisdiction,
        f"{line.percentage} %" if line.percentage else "–",
        amount(line.taxable),
        amount(line.amount),
    )


def _moved(receipt: Receipt) -> list[Flowable]:
    columns = (
        Column("Date", 0.16),
        Column("", 0.26),
        Column("Reference", 0.36),
        Column(f"Amount ({receipt.total.currency})", 0.22, is_figure=True),
    )
    numbers = _numbers(receipt)
    rows = [_movement(part, numbers) for part in receipt.moved]
    return [
        together(heading("Payments"), gap(1), lines(columns, rows), gap(3), sums(_sums(receipt))),
    ]


def _sums(receipt: Receipt) -> list[Sum]:
    """What came and what went, where there is more to say than what was charged."""
    parts: tuple[tuple[str, Money], ...] = (
        ("Charged", receipt.charged),
        ("Credit used", receipt.credit_used),
        ("Refunded", -receipt.refunded),
        ("Taken by the bank", -receipt.taken_back),
    )
    told = [Sum(label, amount(money)) for label, money in parts if not money.is_zero]
    has_gone = not (receipt.refunded.is_zero and receipt.taken_back.is_zero)
    word = "Paid after refunds" if has_gone else "Paid"
    return [*(told if len(told) > 1 else []), Sum(word, amount_with_currency(receipt.paid), is_strong=True)]


def _movement(part: MoneyMoved, numbers: Mapping[str | None, str]) -> tuple[str, str, str, str]:
    what = numbers[part.amendment_id] + _WORDS[part.kind]
    return (short_day(part.moved_on), what, part.reference or "–", amount(part.amount))


def _numbers(receipt: Receipt) -> Mapping[str | None, str]:
    """What stands before what is about an amendment: its number on this paper."""
    return {None: "", **{one.id: f"{number}. " for number, one in enumerate(receipt.amendments, 1)}}


def _disputes(receipt: Receipt) -> list[Flowable]:
    if not receipt.disputes:
        return []
    columns = (
        Column("Opened", 0.16),
        Column("", 0.26),
        Column("Reference", 0.36),
        Column(f"Amount ({receipt.total.currency})", 0.22, is_figure=True),
    )
    numbers = _numbers(receipt)
    rows = [_dispute(one, numbers) for one in receipt.disputes]
    return [gap(8), together(heading("Disputes at the client's bank"), gap(1), lines(columns, rows))]


def _dispute(one: Disputed, numbers: Mapping[str | None, str]) -> tuple[str, str, str, str]:
    closed = f", {short_day(one.closed_on)}" if one.closed_on else ""
    what = f"{numbers[one.amendment_id]}{_OUTCOMES[one.outcome]}{closed}"
    return (short_day(one.opened_on), what, one.reference, amount(one.amount))


def _words(receipt: Receipt) -> list[Flowable]:
    words = f"Booking {receipt.booking_id}."
    if receipt.replaces:
        words += f" This receipt replaces {receipt.replaces}, which stays on record."
    return [gap(8), text(words, style(8.5, color=MUTED))]
