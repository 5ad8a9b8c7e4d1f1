"""The documents that the guide shows: made by the very builders, of a booking that never changes."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256

from ulid import ULID

from callsheet.bookings.cancellation import POLICIES
from callsheet.bookings.model import Booking
from callsheet.bookings.price import PriceLine, PriceSnapshot
from callsheet.bookings.pricing import price
from callsheet.bookings.rules import BookingStatus
from callsheet.bookings.tax import FixedRateTax
from callsheet.documents.model import Balances, Party, Statement
from callsheet.documents.receipt import Receipt
from callsheet.documents.receipts import build_receipt
from callsheet.documents.statements import build_statement
from callsheet.kernel.money import Money, total
from callsheet.ledger.accounts import (
    FEE_TAX,
    FEES_DEFERRED,
    SERVICE_TAX,
    STRIPE_CASH,
    provider_payable,
    provider_reserve,
)
from callsheet.ledger.model import Entry, JournalEntry, Posting
from callsheet.payments.model import Payment, PaymentStatus

CLIENT, PROVIDER = "usr_01KJQH8W2TXF6PQK3A7MVZ0C1E", "usr_01KJQH8W2T5DPA9S4YB8R6N2TG"
NAMES = {CLIENT: "Zoë Müller-Łukasiewicz", PROVIDER: "Ελένη Παπαδοπούλου"}
PAID_AT = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
_MOMENT = int(PAID_AT.timestamp() * 1000).to_bytes(6, "big")
_PORTRAITS = (
    PriceLine(key="package", title="Portraits in daylight, two hours", amount=Money.of(30000, "EUR")),
    PriceLine(key="extra:retouching", title="Retouching of ten pictures", amount=Money.of(12000, "EUR")),
    PriceLine(key="travel", title="Travel to Potsdam", amount=Money.of(3850, "EUR")),
)


def numbered(prefix: str, number: int) -> str:
    """An id that looks like any other and is the same each time."""
    return f"{prefix}_{ULID.from_bytes(_MOMENT + sha256(f'{prefix}#{number}'.encode()).digest()[:10])}"


def a_booking(snapshot: PriceSnapshot, number: int = 1, **changes: object) -> Booking:
    starts_at = datetime(2026, 3, 5, 14, tzinfo=UTC)
    fields: dict[str, object] = {
        "id": numbered("bkg", number),
        "client_id": CLIENT,
        "provider_id": PROVIDER,
        "profile_id": numbered("prf", 1),
        "status": BookingStatus.COMPLETED,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "price": snapshot,
        "policy": POLICIES["default"],
        "answer_hours": 24,
        "acceptance_hours": 48,
        "created_at": PAID_AT - timedelta(hours=2),
        "hold_until": PAID_AT,
        "accepted_at": PAID_AT,
        "completed_at": starts_at + timedelta(hours=50),
    }
    return Booking.model_validate({**fields, **changes})


def a_payment(booking: Booking) -> Payment:
    return Payment(
        id=f"pay_{booking.id[4:]}",
        subject=booking.id,
        client_id=booking.client_id,
        amount=booking.price.total,
        status=PaymentStatus.CAPTURED,
        description="Callsheet booking",
        charge_id=f"ch_{booking.id[-6:]}",
        captured_at=PAID_AT,
    )


def posted(entry: Entry, at: datetime, number: int) -> JournalEntry:
    return JournalEntry(**dict(entry), id=numbered("jrn", number), posted_at=at)


def captured(
    booking: Booking, at: datetime, number: int, reference: str = "ch_3TDu0c2eZvKYlo2C"
) -> JournalEntry:
    return posted(_between_us(booking, "capture", 100, reference), at, number)


def refunded(booking: Booking, percent: int, at: datetime, number: int) -> JournalEntry:
    """A share of everything goes back."""
    cause = f"refund:{numbered('rfd', number)}"
    return posted(_between_us(booking, cause, -percent, "re_3TDu0c2eZvKYlo2C"), at, number)


def _between_us(booking: Booking, cause: str, percent: int, reference: str) -> Entry:
    """Money between the client and us: a share of each part, to or from whom it belongs."""
    price_of = booking.price
    parts = (
        (provider_payable(booking.provider_id), price_of.provider_net),
        (FEES_DEFERRED, price_of.provider_fee + price_of.client_fee),
        (SERVICE_TAX, price_of.service_tax),
        (FEE_TAX, price_of.fee_tax),
    )
    moved = [(account, amount.times(Fraction(percent, 100))) for account, amount in parts]
    cash = total([amount for _, amount in moved], price_of.total.currency)
    postings = (Posting(account=account, amount=-amount) for account, amount in moved)
    return Entry(
        subject=booking.id,
        cause=cause,
        reference=reference,
        postings=(Posting(account=STRIPE_CASH, amount=cash), *postings),
    )


def the_receipt() -> Receipt:
    """Three lines under German tax, half of it refunded later."""
    booking = a_booking(price(_PORTRAITS, "DE", FixedRateTax()))
    entries = (captured(booking, PAID_AT, 1), refunded(booking, 50, PAID_AT + timedelta(days=2), 2))
    return build_receipt(booking, a_payment(booking), entries, NAMES, occurred_at=PAID_AT, version=2)


def the_statement(bookings: int = 24) -> Statement:
    """A month with a refund, a reserve and transfers, long enough for several pages."""
    made = [_monthly(number) for number in range(1, bookings + 1)]
    entries = sorted(
        (entry for number, booking in enumerate(made, 1) for entry in _entries(booking, 10 * number)),
        key=lambda entry: (entry.posted_at, entry.id),
    )
    found = build_statement(
        Party(role="provider", id=PROVIDER, name=NAMES[PROVIDER]),
        "2026-03",
        entries,
        {booking.id: booking for booking in made},
        {"EUR": Balances(payable_minor=26400)},
    )
    if found is None:
        raise ValueError("nothing has moved")
    return found


def _monthly(number: int) -> Booking:
    day = PAID_AT + timedelta(days=number % 26, hours=number)
    line = PriceLine(
        key="package", title=f"Portraits, session {number}", amount=Money.of(25000 + 1250 * number, "EUR")
    )
    snapshot = price([line], "DE", FixedRateTax())
    return a_booking(snapshot, number, accepted_at=day, completed_at=day + timedelta(days=2))


def _entries(booking: Booking, number: int) -> list[JournalEntry]:
    at, net = booking.accepted_at or PAID_AT, booking.price.provider_net
    made = [captured(booking, at, number, f"ch_{number}")]
    payable = provider_payable(PROVIDER)
    if number == 30:
        return [*made, refunded(booking, 50, at + timedelta(days=1), number + 3)]
    kept = net.basis_points(1000) if number == 50 else Money.of(0, "EUR")
    if not kept.is_zero:
        made.append(
            posted(
                _move(booking.id, "reserve:1", kept, debit=payable, credit=provider_reserve(PROVIDER)),
                at + timedelta(days=2),
                number + 4,
            )
        )
    transfer = _move(
        booking.id, "transfer:1", net - kept, debit=payable, credit=STRIPE_CASH, reference=f"tr_{number:06}"
    )
    return [*made, posted(transfer, at + timedelta(days=3), number + 5)]


def _move(
    subject: str, cause: str, amount: Money, *, debit: str, credit: str, reference: str | None = None
) -> Entry:
    postings = (Posting(account=debit, amount=amount), Posting(account=credit, amount=-amount))
    return Entry(subject=subject, cause=cause, reference=reference, postings=postings)
