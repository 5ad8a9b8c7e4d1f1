"""A receipt, as a pure function of bookings, their payments, their journal entries and the names of the parties."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from callsheet.bookings.model import Booking
from callsheet.bookings.price import PriceSnapshot
from callsheet.documents.model import Party
from callsheet.documents.moved import Account, disputes_of, last_moved_at, moved_of
from callsheet.documents.numbers import receipt_id, receipt_number
from callsheet.documents.receipt import (
    Billed,
    BilledAmendment,
    Cancelled,
    MoneyKind,
    MoneyMoved,
    Receipt,
    ReceiptLine,
    TaxLine,
)
from callsheet.kernel.money import Money, total, zero
from callsheet.ledger.model import JournalEntry
from callsheet.payments.model import Ask, Payment

_BACK: frozenset[MoneyKind] = frozenset({"refund", "refund_failed", "credit_returned"})


def build_receipt(
    booking: Booking,
    payment: Payment,
    entries: Sequence[JournalEntry],
    names: Mapping[str, str],
    *,
    occurred_at: datetime,
    amendments: Sequence[Account] = (),
    version: int = 1,
) -> Receipt:
    """`entries` are all of the booking's, `amendments` those that were paid for; `names` those known, by user id.

    It is issued when the last of what it tells of has happened, so that a message that comes late, or twice, makes
    the very same document. ValueError where the parts are not what the client has paid.
    """
    accounts = (Account(booking, payment, entries), *amendments)
    currency = booking.price.total.currency
    moved = tuple(part for account in accounts for part in moved_of(account))
    receipt = Receipt(
        id=receipt_id(booking.id),
        number=receipt_number(booking.id, version),
        version=version,
        issued_at=max([occurred_at, *(last_moved_at(account) or occurred_at for account in accounts)]),
        replaces=receipt_number(booking.id, version - 1) if version > 1 else None,
        booking_id=booking.id,
        client=Party(role="client", id=booking.client_id, name=names.get(booking.client_id)),
        provider=Party(role="provider", id=booking.provider_id, name=names.get(booking.provider_id)),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        **dict(_billed(booking, payment)),
        amendments=tuple(_amendment(account) for account in amendments),
        moved=tuple(sorted(moved, key=lambda part: part.moved_on)),
        disputes=tuple(dispute for account in accounts for dispute in disputes_of(account)),
        charged=_sum(moved, {"payment"}, currency),
        credit_used=_sum(moved, {"credit"}, currency),
        refunded=-_sum(moved, _BACK, currency),
        taken_back=-_sum(moved, {"taken_back"}, currency),
        paid=total([part.amount for part in moved], currency),
    )
    _must_add_up(receipt)
    return receipt


def _sum(moved: Sequence[MoneyMoved], kinds: frozenset[MoneyKind] | set[MoneyKind], currency: str) -> Money:
    return total([part.amount for part in moved if part.kind in kinds], currency)


def _billed(booking: Booking, payment: Payment) -> Billed:
    price = booking.price
    return Billed(
        lines=tuple(ReceiptLine(key=line.key, title=line.title, amount=line.amount) for line in price.lines),
        subtotal=price.subtotal,
        client_fee=price.client_fee,
        taxes=_taxes(price),
        tax=price.service_tax + price.fee_tax,
        total=price.total,
        cancellation=_cancelled(booking, payment),
    )


def _amendment(account: Account) -> BilledAmendment:
    booking, amends = account.booking, account.booking.amends
    if amends is None or booking.accepted_at is None:
        raise ValueError(f"{booking.id} is no amendment that was agreed to")
    moved = moved_of(account)
    return BilledAmendment(
        **dict(_billed(booking, account.payment)),
        id=booking.id,
        kind=amends.kind,
        minutes=amends.minutes,
        agreed_on=_day(booking.accepted_at),
        paid=total([part.amount for part in moved], booking.price.total.currency),
    )


def _cancelled(booking: Booking, payment: Payment) -> Cancelled | None:
    """The fee is what stays once all that is on its way back has left: the same before and after it does."""
    if booking.cancellation is None:
        return None
    nothing = zero(payment.amount.currency)
    asked = [one for one in (payment.in_flight, payment.set_aside) if one and one.ask is Ask.REFUND]
    going = [one.amount or nothing for one in asked]
    gone = [refund.split.total for refund in payment.refunds] + [loss.split.total for loss in payment.losses]
    left = payment.amount - total([*going, *gone], payment.amount.currency)
    return Cancelled(cancelled_on=_day(booking.cancellation.cancelled_at), fee=max(left, nothing))


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _must_add_up(receipt: Receipt) -> None:
    parts: tuple[Billed, ...] = (receipt, *receipt.amendments)
    for part in parts:
        if part.subtotal + part.client_fee + part.tax != part.total:
            raise ValueError("the parts are not the total")
        if total([line.amount for line in part.taxes], part.total.currency) != part.tax:
            raise ValueError("the tax lines are not the tax")
    if receipt.charged + receipt.credit_used != total([part.total for part in parts], receipt.total.currency):
        raise ValueError("what was captured is not the total")


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
        TaxLine(part=part, jurisdiction=price.jurisdiction, taxable=taxable, amount=tax)
        for part, taxable, tax in parts
        if tax != zero(tax.currency)
    )
