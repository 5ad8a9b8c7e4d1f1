"""A Stripe Connect's transfers in memory: accounts that take money, a balance to pay from. Every call is counted."""

from dataclasses import dataclass, field
from itertools import count

from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.refusals import TransferRefusal
from callsheet.gateways.transfers import ReversalRefused, TransferOrder, TransferReceipt, TransferRefused
from callsheet.kernel.money import Money


@dataclass(slots=True)
class FakeTransfers:
    """Implements `TransferGateway`. `refuses` is what every new transfer is refused for."""

    calls: list[str] = field(default_factory=list)
    made: dict[str, tuple[TransferOrder, TransferReceipt]] = field(default_factory=dict)
    reversals: dict[str, tuple[str, TransferReceipt]] = field(default_factory=dict)
    refuses: TransferRefusal | None = None
    is_away: bool = False
    loses_answers: bool = False
    is_spent: bool = False  # providers have taken their money to their banks: nothing can be reversed
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def transfer(self, order: TransferOrder) -> TransferReceipt:
        self._called("transfer")
        known = self.made.get(order.key)
        if known is not None:
            assert known[0] == order, "the same key came with another order"
            return known[1]
        if self.refuses is not None:
            raise TransferRefused(self.refuses)
        receipt = TransferReceipt(id=f"tr_{next(self._numbers)}", amount=order.amount)
        self.made[order.key] = (order, receipt)
        if self.loses_answers:
            raise PaymentsUnavailable
        return receipt

    def find_transfer(self, order: TransferOrder) -> TransferReceipt | None:
        self._called("find_transfer")
        known = self.made.get(order.key)
        return None if known is None else known[1]

    def reverse(self, transfer_id: str, amount: Money, key: str) -> TransferReceipt:
        self._called("reverse")
        if key in self.reversals:
            return self.reversals[key][1]
        if self.is_spent or amount.amount_minor > self._left(transfer_id):
            raise ReversalRefused
        receipt = TransferReceipt(id=f"trr_{next(self._numbers)}", amount=amount)
        self.reversals[key] = (transfer_id, receipt)
        if self.loses_answers:
            raise PaymentsUnavailable
        return receipt

    def find_reversal(self, transfer_id: str, key: str) -> TransferReceipt | None:
        self._called("find_reversal")
        known = self.reversals.get(key)
        return None if known is None else known[1]

    def paid_minor(self) -> int:
        """What lies on the providers' accounts."""
        given = sum(receipt.amount.amount_minor for _, receipt in self.made.values())
        return given - sum(receipt.amount.amount_minor for _, receipt in self.reversals.values())

    def _left(self, transfer_id: str) -> int:
        amounts = [
            receipt.amount.amount_minor for _, receipt in self.made.values() if receipt.id == transfer_id
        ]
        taken = [
            receipt.amount.amount_minor
            for source, receipt in self.reversals.values()
            if source == transfer_id
        ]
        return sum(amounts) - sum(taken)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.is_away:
            raise PaymentsUnavailable
