"""Evidence on paper: what a bank reads of a booking."""

from datetime import datetime

from reportlab.platypus import Flowable

from callsheet.bookings.postings import CAPTURE_WALLET
from callsheet.documents.canonical import document_hash
from callsheet.documents.evidence import Facts, policy_words, what_happened
from callsheet.documents.figures import amount, amount_with_currency, day, figure
from callsheet.documents.paper import MUTED, Title, render, style, text
from callsheet.documents.tables import Column, Fact, Sum, facts, gap, heading, lines, parties, sums
from callsheet.kernel.events import Envelope
from callsheet.ledger.accounts import STRIPE_CASH
from callsheet.ledger.model import JournalEntry


def evidence_pdf(found: Facts) -> bytes:
    """The same facts are the same bytes."""
    title = Title(
        word="Evidence",
        number=found.dispute.id,
        issued_at=found.gathered_at,
        sha256=document_hash(found),
        subject=f"Booking {found.booking.id}",
    )
    return render(title, [*_about(found), *_price(found), *_course(found), *_money(found), *_words(found)])


def _about(found: Facts) -> list[Flowable]:
    booking, dispute = found.booking, found.dispute
    opened = [
        Fact("Dispute", dispute.id),
        Fact("Reason given", dispute.reason.replace("_", " ")),
        Fact("Disputed", amount_with_currency(dispute.amount)),
    ]
    return [
        facts(opened),
        gap(7),
        parties(
            (
                ("Client", found.names.get(booking.client_id, booking.client_id), (booking.client_id,)),
                ("Provider", found.names.get(booking.provider_id, booking.provider_id), (booking.provider_id,)),
            )
        ),
        gap(7),
        text(f"Booking {booking.id}. {what_happened(booking)}"),
    ]  # fmt: skip


def _price(found: Facts) -> list[Flowable]:
    price = found.price
    columns = (
        Column("What was agreed", 0.74),
        Column(f"Amount ({price.total.currency})", 0.26, is_figure=True),
    )
    return [
        gap(8),
        heading("Price and policy"),
        gap(1),
        lines(columns, [(line.title, amount(line.amount)) for line in price.lines]),
        gap(3),
        sums(
            [Sum("Paid with fee and tax", amount_with_currency(price.total), is_strong=True), *_credit(found)]
        ),
        gap(3),
        text(policy_words(found.booking.policy)),
    ]


def _credit(found: Facts) -> list[Sum]:
    """What of the total the disputed card did not pay."""
    lines_ = [
        posting.amount
        for entry in found.entries
        if entry.cause == CAPTURE_WALLET
        for posting in entry.postings
    ]
    credit = [one for one in lines_ if one.amount_minor > 0]
    return [Sum("Of this with credit", amount_with_currency(one)) for one in credit]


def _course(found: Facts) -> list[Flowable]:
    columns = (Column("When (UTC)", 0.26), Column("What", 0.38), Column("By", 0.36))
    return [gap(8), heading("Timeline"), gap(1), lines(columns, [_event(event) for event in found.events])]


def _event(event: Envelope) -> tuple[str, str, str]:
    words = event.name.replace(".", " ").replace("_", " ")
    return (_moment(event.occurred_at), words, f"{event.actor.type} {event.actor.id}")


def _money(found: Facts) -> list[Flowable]:
    moved = [row for entry in found.entries for row in _movements(entry)]
    columns = (
        Column("When (UTC)", 0.26),
        Column("Why", 0.26),
        Column("Reference", 0.28),
        Column("Amount", 0.2, is_figure=True),
    )
    return [gap(8), heading("Money at the payment provider"), gap(1), lines(columns, moved)] if moved else []


def _movements(entry: JournalEntry) -> list[tuple[str, str, str, str]]:
    why = entry.cause.partition(":")[0].replace("_", " ")
    return [
        (_moment(entry.posted_at), why, entry.reference or "–", _figure(line.amount.amount_minor, line.amount.currency))
        for line in entry.postings
        if line.account == STRIPE_CASH
    ]  # fmt: skip


def _figure(minor: int, currency: str) -> str:
    return f"{currency} {figure(minor, currency)}"


def _moment(at: datetime) -> str:
    return f"{day(at)}, {at:%H:%M}"


def _words(found: Facts) -> list[Flowable]:
    booking = found.booking
    said = [
        ("The client wrote", booking.note),
        ("The client reported", booking.problem.description if booking.problem else None),
        ("Callsheet says", found.words),
    ]
    told: list[Flowable] = []
    for who, words in said:
        if words:
            told += [gap(8), heading(who), gap(1), text(words)]
    return [*told, gap(8), text("Times are UTC. The complete record is kept.", style(8.5, color=MUTED))]
