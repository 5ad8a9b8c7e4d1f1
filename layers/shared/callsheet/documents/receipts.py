"""A receipt, as a pure function of a booking, its payment, its journal entries and the names of its parties."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from callsheet.bookings.model import Booking
from callsheet.bookings.price import PriceSnapshot
from callsheet.documents.model import MoneyKind, MoneyMoved, Party, Receipt, ReceiptLine, TaxLine
from callsheet.kernel.money import Money, total, zero
from callsheet.ledger.accounts import STRIPE_CASH, WALLET_HELD, wallet
from callsheet.ledger.model import JournalEntry
from callsheet.payments.model import Payment

_CAPTURE = "capture"
_KINDS: Mapping[str, MoneyKind] = {
    _CAPTURE: "payment",
    "capture_wallet": "credit",
    "refund": "refund",
    "refund_wallet": "credit_returned",
    "refund_failed": "refund_failed",
    "refund_credited": "credit_returned",
}
_BACK = frozenset({"refund", "refund_failed", "credit_returned"})


def receipt_id(booking_id: str) -> str:
    """A booking has one receipt, in one or more versions: its id is the booking's under another prefix."""
    return f"rct_{booking_id[4:]}"


def receipt_number(booking_id: str, version: int) -> str:
    """`R-7QX4M2KD9A-1`: what people read aloud; the ten last characters of the booking's id, and the version."""
    return f"R-{booking_id[-10:]}-{version}"


def has_been_paid(entries: Sequence[JournalEntry]) -> bool:
    return any(entry.cause == _CAPTURE for entry in entries)


def build_receipt(
    booking: Booking,
    payment: Payment,
    entries: Sequence[JournalEntry],
    names: Mapping[str, str],
    *,
    occurred_at: datetime,
    version: int = 1,
) -> Receipt:
    """`entries` are all of the booking's; `names` those that are known, by user id.

    It is issued when the last of what it tells of has happened, so that a message that comes late, or twice, makes
    the very same document. ValueError where the parts are not what the client has paid.
    """
    price = booking.price
    moved = tuple(_moved(entry, payment) for entry in entries if _is_the_clients(entry))
    currency = price.total.currency
    refunded = -total([part.amount for part in moved if part.kind in _BACK], currency)
    taxes = _taxes(price)
    receipt = Receipt(
        id=receipt_id(booking.id),
        number=receipt_number(booking.id, version),
        version=version,
        issued_at=max([occurred_at, *(entry.posted_at for entry in entries if _is_the_clients(entry))]),
        replaces=receipt_number(booking.id, version - 1) if version > 1 else None,
        booking_id=booking.id,
        client=Party(role="client", id=booking.client_id, name=names.get(booking.client_id)),
        provider=Party(role="provider", id=booking.provider_id, name=names.get(booking.provider_id)),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        lines=tuple(ReceiptLine(key=line.key, title=line.title, amount=line.amount) for line in price.lines),
        subtotal=price.subtotal,
        client_fee=price.client_fee,
        taxes=taxes,
        tax=price.service_tax + price.fee_tax,
        total=price.total,
        moved=moved,
        refunded=refunded,
        paid=total([part.amount for part in moved], currency),
    )
    _must_add_up(receipt)
    return receipt


def _must_add_up(receipt: Receipt) -> None:
    if receipt.subtotal + receipt.client_fee + receipt.tax != receipt.total:
        raise ValueError("the parts are not the total")
    if total([line.amount for line in receipt.taxes], receipt.total.currency) != receipt.tax:
        raise ValueError("the tax lines are not the tax")
    if receipt.paid + receipt.refunded != receipt.total:
        raise ValueError("what was captured is not the total")


def _is_the_clients(entry: JournalEntry) -> bool:
    """Money between the client and us; Stripe's fee and transfers are none of theirs."""
    return _cause(entry) in _KINDS


def _cause(entry: JournalEntry) -> str:
    return entry.cause.partition(":")[0]


def _moved(entry: JournalEntry, payment: Payment) -> MoneyMoved:
    """What an entry moved on Stripe's cash, or of the client's credit, is what they have given or got."""
    theirs, cause = {STRIPE_CASH, WALLET_HELD, wallet(payment.client_id)}, _cause(entry)
    moved = [posting.amount for posting in entry.postings if posting.account in theirs]
    return MoneyMoved(
        kind=_KINDS[cause],
        moved_on=entry.posted_at.astimezone(UTC).date(),
        reference=entry.reference or (payment.charge_id if cause == _CAPTURE else None),
        amount=total(moved, payment.amount.currency),
    )


def _taxes(price: PriceSnapshot) -> tuple[TaxLine, ...]:
    """A line a tax; where the snapshot knows none of their rates, one a part."""
    if price.tax_details:
        return tuple(
            TaxLine(
                part=detail.part,
                jurisdiction=detail.display_name,
                percentage=detail.percentage,
                taxable=detail.taxable,
                amount=detail.amount,
            )
            for detail in price.tax_details
            if not detail.amount.is_zero
        )
    parts = (("service", price.subtotal, price.service_tax), ("fee", price.client_fee, price.fee_tax))
    return tuple(
        _without_rate(part, price.jurisdiction, taxable, tax)
        for part, taxable, tax in parts
        if tax != zero(tax.currency)
    )


def _without_rate(part: str, jurisdiction: str, taxable: Money, tax: Money) -> TaxLine:
    return TaxLine(part=part, jurisdiction=jurisdiction, taxable=taxable, amount=tax)
