"""Payouts from connected accounts to banks, in memory. Every call is counted."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.payouts import (
    BankPayoutStatus,
    FoundPayout,
    InstantPayoutOrder,
    PayoutGone,
    PayoutMethod,
    PayoutRefusal,
    PayoutRefused,
)
from callsheet.kernel.clock import Clock
from callsheet.kernel.money import Money


@dataclass(slots=True)
class FakePayouts:
    """Implements `PayoutGateway`; `funds` is what every account can have at once."""

    clock: Clock
    funds: tuple[Money, ...] = (Money.of(8_381, "USD"),)
    calls: list[str] = field(default_factory=list)
    made: dict[str, tuple[str, FoundPayout]] = field(default_factory=dict)
    refuses: PayoutRefusal | None = None
    is_away: bool = False
    loses_answers: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def payout(self, account_id: str, payout_id: str) -> FoundPayout:
        self._called("payout")
        owner, found = self.made.get(payout_id, ("", None))
        if found is None or owner != account_id:
            raise PayoutGone
        return found

    def instant_funds(self, account_id: str) -> tuple[Money, ...]:
        self._called("instant_funds")
        return self.funds

    def pay_instantly(self, order: InstantPayoutOrder) -> FoundPayout:
        self._called("pay_instantly")
        known = self._under(order.key)
        if known is not None:
            assert known.amount == order.amount, "the same key came with another order"
            return known
        if self.refuses is not None:
            raise PayoutRefused(self.refuses)
        made = self.make(order.account_id, order.amount, key=order.key, method=PayoutMethod.INSTANT)
        if self.loses_answers:
            raise PaymentsUnavailable
        return made

    def find_payout(self, order: InstantPayoutOrder, since: datetime) -> FoundPayout | None:
        self._called("find_payout")
        return self._under(order.key)

    # What happens at Stripe without us.

    def make(
        self,
        account_id: str,
        amount: Money,
        *,
        key: str | None = None,
        method: PayoutMethod = PayoutMethod.STANDARD,
    ) -> FoundPayout:
        now = self.clock.now()
        made = FoundPayout(
            id=f"po_{next(self._numbers)}",
            amount=amount,
            status=BankPayoutStatus.PENDING,
            method=method,
            created_at=now,
            arrives_at=now + timedelta(days=2),
            key=key,
        )
        self.made[made.id] = (account_id, made)
        return made

    def move(self, payout_id: str, status: BankPayoutStatus, **fields: object) -> None:
        account_id, found = self.made[payout_id]
        self.made[payout_id] = (account_id, replace(found, status=status, **fields))  # type: ignore[arg-type]  # a test's own

    def _under(self, key: str) -> FoundPayout | None:
        return next((one for _, one in self.made.values() if one.key == key), None)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.is_away:
            raise PaymentsUnavailable
