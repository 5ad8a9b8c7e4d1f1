"""What goes back when a booking is cancelled: policies as data with a version, and one pure split of the money."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from pydantic import BaseModel, Field

from callsheet.bookings.price import PriceSnapshot
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money, zero
from callsheet.payments.shares import RefundSplit, split_of

VERSION = "2026-01"


class CancelledBy(StrEnum):
    CLIENT = "client"
    PROVIDER = "provider"


class Band(BaseModel):
    """From `hours_before_start` on (the boundary itself included) the client gets `client_percent` back."""

    model_config = FROZEN

    hours_before_start: int
    client_percent: int = Field(ge=0, le=100)


class CancellationPolicy(BaseModel):
    """A policy as it is snapshotted on a booking; bands from the kindest to the last, which starts at no hour."""

    model_config = FROZEN

    key: str
    version: str
    bands: tuple[Band, ...]

    def client_percent(self, before_start: timedelta) -> int:
        """The client's share of the subtotal this long before the start; negative after it."""
        for band in self.bands:
            if before_start >= timedelta(hours=band.hours_before_start):
                return band.client_percent
        return 0


def _policy(key: str, full_hours: int, half_hours: int) -> CancellationPolicy:
    bands = (
        Band(hours_before_start=full_hours, client_percent=100),
        Band(hours_before_start=half_hours, client_percent=50),
    )
    return CancellationPolicy(key=key, version=VERSION, bands=bands)


# numbers.md, "Refund bands".
POLICIES: Mapping[str, CancellationPolicy] = {
    policy.key: policy
    for policy in (
        _policy("default", 72, 24),
        _policy("flexible", 48, 24),
        _policy("firm", 96, 72),
        _policy("studio", 168, 48),
    )
}


def refund_everything(price: PriceSnapshot) -> RefundSplit:
    """Before acceptance, or when the provider cancels: all that was paid, our fee and its tax included."""
    return _split(price, Fraction(1), price.client_fee, price.fee_tax)


def refund_share(price: PriceSnapshot, client_percent: int) -> RefundSplit:
    """A share of the subtotal and, pro rata, of its tax; the client's fee stays with the platform."""
    if not 0 <= client_percent <= 100:
        raise ValueError(f"{client_percent} is no percentage")
    nothing = zero(price.total.currency)
    return _split(price, Fraction(client_percent, 100), nothing, nothing)


def refund_for(
    price: PriceSnapshot,
    policy: CancellationPolicy,
    by: CancelledBy,
    before_start: timedelta,
    override_percent: int | None = None,
) -> RefundSplit:
    """The refund of an accepted booking; `override_percent` is an admin's word, which goes before the policy's."""
    if override_percent is not None:
        return refund_share(price, override_percent)
    match by:
        case CancelledBy.PROVIDER:
            return refund_everything(price)
        case CancelledBy.CLIENT:
            return refund_share(price, policy.client_percent(before_start))


def _split(price: PriceSnapshot, share: Fraction, client_fee: Money, fee_tax: Money) -> RefundSplit:
    of_subtotal, of_fee = price.subtotal.times(share), price.provider_fee.times(share)
    service_tax = price.service_tax.times(share)
    return split_of((of_subtotal - of_fee, of_fee, service_tax, client_fee, fee_tax))
