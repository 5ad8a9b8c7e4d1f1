"""What the use case is given that prices a booking and authorises it."""

from dataclasses import dataclass
from typing import Protocol

from callsheet.bookings.charging_deps import Charging, ChargingDeps
from callsheet.gateways.tax import TaxCalculator


class Ordering(Charging, Protocol):
    @property
    def tax(self) -> TaxCalculator: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderingDeps(ChargingDeps):
    tax: TaxCalculator
