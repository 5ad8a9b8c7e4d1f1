"""What a booking's money posts to the ledger, as pure functions of its snapshots (product.md, "Money")."""

from callsheet.bookings.cancellation import RefundSplit
from callsheet.bookings.pricing import PriceSnapshot
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import (
    FEE_TAX,
    FEES_DEFERRED,
    FEES_REVENUE,
    PROCESSING,
    SERVICE_TAX,
    STRIPE_CASH,
    provider_payable,
)
from callsheet.ledger.model import Entry, Posting

CAPTURE, COMPLETION, KEPT_FEES = "capture", "completion", "kept_fees"


def capture_entry(booking_id: str, provider_id: str, price: PriceSnapshot, charge_id: str | None) -> Entry:
    """The client's money has come in: what of it is owed to the provider, deferred, or the state's."""
    return _entry(
        booking_id,
        CAPTURE,
        (STRIPE_CASH, price.total),
        (provider_payable(provider_id), -price.provider_net),
        (FEES_DEFERRED, -(price.provider_fee + price.client_fee)),
        (SERVICE_TAX, -price.service_tax),
        (FEE_TAX, -price.fee_tax),
        reference=charge_id,
    )


def processing_entry(booking_id: str, fee: Money, charge_id: str | None) -> Entry:
    """What Stripe took of the charge."""
    return _entry(booking_id, "processing", (PROCESSING, fee), (STRIPE_CASH, -fee), reference=charge_id)


def completion_entry(booking_id: str, price: PriceSnapshot) -> Entry:
    """The work is accepted: both fees are earned."""
    earned = price.provider_fee + price.client_fee
    return _entry(booking_id, COMPLETION, (FEES_DEFERRED, earned), (FEES_REVENUE, -earned))


def kept_fees_entry(booking_id: str, price: PriceSnapshot, split: RefundSplit) -> Entry | None:
    """What of the fees stays after a cancellation is earned at once; None where nothing stays."""
    kept = price.provider_fee - split.provider_fee + price.client_fee - split.client_fee
    if kept.is_zero:
        return None
    return _entry(booking_id, KEPT_FEES, (FEES_DEFERRED, kept), (FEES_REVENUE, -kept))


def refund_entry(
    booking_id: str, provider_id: str, refund_id: str, split: RefundSplit, stripe_refund_id: str
) -> Entry:
    """Money goes back before completion: from whom it was to go to."""
    return _entry(
        booking_id,
        f"refund:{refund_id}",
        (provider_payable(provider_id), split.payable),
        (FEES_DEFERRED, split.provider_fee + split.client_fee),
        (SERVICE_TAX, split.service_tax),
        (FEE_TAX, split.fee_tax),
        (STRIPE_CASH, -split.total),
        reference=stripe_refund_id,
    )


def _entry(subject: str, cause: str, *lines: tuple[str, Money], reference: str | None = None) -> Entry:
    postings = tuple(
        Posting(account=account, amount=amount) for account, amount in lines if not amount.is_zero
    )
    return Entry(subject=subject, cause=cause, reference=reference, postings=postings)
