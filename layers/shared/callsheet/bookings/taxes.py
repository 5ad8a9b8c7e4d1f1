"""What a booking's snapshots say of its taxes, for whoever reports them."""

from callsheet.bookings.price import PriceSnapshot
from callsheet.bookings.reading import Shown, read_booking
from callsheet.gateways.tax import PartAmount, TaxableLine, TaxRequest
from callsheet.gateways.tax_details import TaxedPart
from callsheet.payments.shares import RefundSplit
from callsheet.payments.taxes import TaxesOf


def taxes_of(booking_id: str, returned_by: str | None) -> TaxesOf:
    """One batch read; with what went back by a refund or a lost dispute. Raises NotFound without such a booking."""
    shown = read_booking(booking_id)
    price, split = shown.booking.price, _split_of(shown, returned_by)
    return TaxesOf(
        calculation_id=price.tax_calculation_id,
        request=_request(price),
        refund=_parts(split) if split else (),
        is_whole_refund=split is not None and split.total == price.total,
    )


def _split_of(shown: Shown, returned_by: str | None) -> RefundSplit | None:
    made = {refund.id: refund.split for refund in shown.payment.refunds}
    made |= {loss.dispute_id: loss.split for loss in shown.payment.losses}
    return made.get(returned_by) if returned_by else None


def _request(price: PriceSnapshot) -> TaxRequest:
    parts = ((TaxedPart.SERVICE, price.subtotal), (TaxedPart.FEE, price.client_fee))
    lines = tuple(TaxableLine(part=part, amount=amount) for part, amount in parts if not amount.is_zero)
    return TaxRequest(jurisdiction=price.jurisdiction, postal_code=price.postal_code, lines=lines)


def _parts(split: RefundSplit) -> tuple[PartAmount, ...]:
    """The subtotal's share goes back from the provider and from the fee they would pay."""
    return (
        PartAmount(part=TaxedPart.SERVICE, amount=split.payable + split.provider_fee, tax=split.service_tax),
        PartAmount(part=TaxedPart.FEE, amount=split.client_fee, tax=split.fee_tax),
    )
