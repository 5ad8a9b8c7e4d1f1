"""What use cases are given that say what something costs."""

from dataclasses import dataclass

from callsheet.bookings.deps import BookingsDeps
from callsheet.gateways.tax import TaxCalculator


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotingDeps(BookingsDeps):
    tax: TaxCalculator
