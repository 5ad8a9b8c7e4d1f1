"""What use cases are given that give a client's money back, and take it from a provider before."""

from dataclasses import dataclass
from typing import Protocol

from callsheet.bookings.charging_deps import Charging, ChargingDeps
from callsheet.gateways.transfers import TransferGateway


class Refunding(Charging, Protocol):
    @property
    def transfers(self) -> TransferGateway: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundingDeps(ChargingDeps):
    transfers: TransferGateway
