"""What a booking's money posts to the ledger, as pure functions of its snapshots (product.md, "Money")."""

from dataclasses import dataclass

from callsheet.bookings.price import PriceSnapshot
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import (
    FEE_TAX,
    FEES_DEFERRED,
    FEES_REVENUE,
    GOODWILL,
    PROCESSING,
    SERVICE_TAX,
    STRIPE_CASH,
    provider_payable,
)
from callsheet.ledger.model import Entry
from callsheet.payments.shares import RefundSplit

CAPTURE, COMPLETION, KEPT_FEES = "capture", "completion", "kept_fees"


def capture_entry(booking_id: str, provider_id: str, price: PriceSnapshot, charge_id: str | None) -> Entry:
    """The client's money has come in: what of it is owed to the provider, deferred, or the state's."""
    return Entry.of(
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
    return Entry.of(booking_id, "processing", (PROCESSING, fee), (STRIPE_CASH, -fee), reference=charge_id)


def completion_entry(booking_id: str, price: PriceSnapshot, returned: RefundSplit | None) -> Entry | None:
    """The work is accepted: both fees are earned, as far as they have not gone back; None where nothing is left."""
    return _earned(booking_id, COMPLETION, price, returned)


def kept_fees_entry(booking_id: str, price: PriceSnapshot, returned: RefundSplit | None) -> Entry | None:
    """What of the fees stays after a cancellation is earned at once; None where nothing stays."""
    return _earned(booking_id, KEPT_FEES, price, returned)


def _earned(booking_id: str, cause: str, price: PriceSnapshot, returned: RefundSplit | None) -> Entry | None:
    earned = price.provider_fee + price.client_fee
    if returned is not None:
        earned = earned - returned.provider_fee - returned.client_fee
    if earned.is_zero:
        return None
    return Entry.of(booking_id, cause, (FEES_DEFERRED, earned), (FEES_REVENUE, -earned))


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Money that has gone back; `are_fees_earned` says from which account the fees are taken."""

    refund_id: str
    split: RefundSplit
    stripe_refund_id: str
    are_fees_earned: bool


def refund_entry(booking_id: str, provider_id: str, refund: Returned) -> Entry:
    """Money goes back: from whom it was to go to, or had gone to."""
    split = refund.split
    return Entry.of(
        booking_id,
        f"refund:{refund.refund_id}",
        (provider_payable(provider_id), split.payable),
        (FEES_REVENUE if refund.are_fees_earned else FEES_DEFERRED, split.provider_fee + split.client_fee),
        (SERVICE_TAX, split.service_tax),
        (FEE_TAX, split.fee_tax),
        (GOODWILL, split.given),
        (STRIPE_CASH, -split.total),
        reference=refund.stripe_refund_id,
    )
