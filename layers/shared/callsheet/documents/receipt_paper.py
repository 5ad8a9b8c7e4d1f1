"""A receipt on paper."""

from collections.abc import Mapping

from reportlab.platypus import Flowable

from callsheet.documents.canonical import document_hash
from callsheet.documents.figures import amount, amount_with_currency, day, short_day, span
from callsheet.documents.model import MoneyKind, MoneyMoved, Party, Receipt, TaxLine
from callsheet.documents.paper import MUTED, Title, render, style, text
from callsheet.documents.tables import Column, Fact, Sum, facts, gap, heading, lines, parties, sums, together

_PARTS = {"service": "Service", "fee": "Callsheet fee"}
_WORDS: Mapping[MoneyKind, str] = {
    "payment": "Payment",
    "credit": "Credit",
    "refund": "Refund",
    "credit_returned": "Credit again",
    "refund_failed": "Refund failed at the bank",
}


def receipt_pdf(receipt: Receipt) -> bytes:
    currency = receipt.total.currency
    title = Title(
        word="Receipt",
        number=receipt.number,
        issued_at=receipt.issued_at,
        sha256=document_hash(receipt),
        subject=f"Booking {receipt.booking_id}",
    )
    columns = (Column("Description", 0.74), Column(f"Amount ({currency})", 0.26, is_figure=True))
    story = [
        _facts(receipt),
        gap(7),
        parties((_party("Billed to", receipt.client), _party("For the services of", receipt.provider))),
        gap(8),
        lines(columns, [(line.title, amount(line.amount)) for line in receipt.lines]),
        gap(3),
        _totals(receipt),
        *_taxes(receipt),
        gap(8),
        _moved(receipt),
        *_words(receipt),
    ]
    return render(title, story)


def _facts(receipt: Receipt) -> Flowable:
    rows = [Fact("Receipt number", receipt.number), Fact("Issued on", day(receipt.issued_at))]
    if receipt.starts_at is not None:
        rows.append(Fact("Session", span(receipt.starts_at, receipt.ends_at)))
    return facts(rows if len(rows) == 3 else [*rows, Fact("Session", "Remote")])


def _party(role: str, party: Party) -> tuple[str, str, tuple[str, ...]]:
    return (role, party.name or party.id, (party.id,) if party.name else ())


def _totals(receipt: Receipt) -> Flowable:
    rows = [Sum("Subtotal", amount(receipt.subtotal))]
    if not receipt.client_fee.is_zero:
        rows.append(Sum("Callsheet fee", amount(receipt.client_fee)))
    if not receipt.tax.is_zero:
        rows.append(Sum("Tax", amount(receipt.tax)))
    return sums([*rows, Sum("Total", amount_with_currency(receipt.total), is_strong=True)])


def _taxes(receipt: Receipt) -> list[Flowable]:
    if not receipt.taxes:
        return []
    currency = receipt.total.currency
    columns = (
        Column("On", 0.26),
        Column("Jurisdiction", 0.26),
        Column("Rate", 0.14, is_figure=True),
        Column(f"Taxable ({currency})", 0.17, is_figure=True),
        Column(f"Tax ({currency})", 0.17, is_figure=True),
    )
    return [gap(8), together(heading("Tax"), gap(1), lines(columns, [_tax(line) for line in receipt.taxes]))]


def _tax(line: TaxLine) -> tuple[str, str, str, str, str]:
    rate = f"{line.percentage} %" if line.percentage else "–"
    return (
        _PARTS.get(line.part, line.part),
        line.jurisdiction,
        rate,
        amount(line.taxable),
        amount(line.amount),
    )


def _moved(receipt: Receipt) -> Flowable:
    columns = (
        Column("Date", 0.16),
        Column("", 0.16),
        Column("Reference", 0.42),
        Column(f"Amount ({receipt.total.currency})", 0.26, is_figure=True),
    )
    word = "Paid" if receipt.refunded.is_zero else "Paid after refunds"
    return together(
        heading("Payments"),
        gap(1),
        lines(columns, [_movement(part) for part in receipt.moved]),
        gap(3),
        sums([Sum(word, amount_with_currency(receipt.paid), is_strong=True)]),
    )


def _movement(part: MoneyMoved) -> tuple[str, str, str, str]:
    return (short_day(part.moved_on), _WORDS[part.kind], part.reference or "–", amount(part.amount))


def _words(receipt: Receipt) -> list[Flowable]:
    words = f"Booking {receipt.booking_id}."
    if receipt.replaces:
        words += f" This receipt replaces {receipt.replaces}, which stays on record."
    return [gap(8), text(words, style(8.5, color=MUTED))]
