"""A payment provider in memory: Stripe's rules for one intent, and nothing of its wire. Every call is counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from callsheet.gateways.declines import DeclineReason
from callsheet.gateways.errors import IntentNotFound, IntentRefused, IntentStateChanged, PaymentsUnavailable
from callsheet.gateways.payments import Intent, IntentStatus, Order, RefundReceipt
from callsheet.kernel.money import Money
from tests.support.disputes import FakeDisputes

# Stripe, "Testing": what a payment method does.
DECLINED = {
    "pm_card_chargeDeclined": DeclineReason.CARD_DECLINED,
    "pm_card_chargeDeclinedInsufficientFunds": DeclineReason.INSUFFICIENT_FUNDS,
}
NEEDS_ACTION = frozenset({"pm_card_authenticationRequired"})
GOOD = frozenset({"pm_card_visa", "pm_card_mastercard"})
FEE_BASIS_POINTS, FEE_FIXED = 290, 30


@dataclass(slots=True)
class FakePayments:
    """Implements `PaymentGateway`. `before` is called with each call's name, and may raise."""

    now: Callable[[], datetime]
    calls: list[str] = field(default_factory=list)
    intents: dict[str, Intent] = field(default_factory=dict)
    orders: dict[str, tuple[Order, str]] = field(default_factory=dict)
    refunds: dict[str, RefundReceipt] = field(default_factory=dict)
    refunded_intents: dict[str, str] = field(default_factory=dict)
    disputes: FakeDisputes = field(default_factory=FakeDisputes)
    is_away: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def create_customer(self, user_id: str) -> str:
        self._called("create_customer")
        return f"cus_{user_id}"

    def authorize(self, order: Order) -> Intent:
        self._called("authorize")
        known = self.orders.get(order.payment_id)
        if known is not None:
            assert known[0] == order, "the same key came with another order"
            return self.intents[known[1]]
        if order.payment_method not in GOOD | set(DECLINED) | NEEDS_ACTION | {None}:
            raise IntentRefused(DeclineReason.INVALID_PAYMENT_METHOD)
        intent = self._keep(self._new_intent(order))
        self.orders[order.payment_id] = (order, intent.id)
        return intent

    def find_intent(self, payment_id: str, since: datetime, customer_id: str | None) -> Intent | None:
        self._called("find_intent")
        known = self.orders.get(payment_id)
        return None if known is None else self.intents[known[1]]

    def intent(self, intent_id: str) -> Intent:
        self._called("intent")
        if intent_id not in self.intents:
            raise IntentNotFound
        return self.intents[intent_id]

    def capture(self, intent_id: str, payment_id: str) -> Intent:
        self._called("capture")
        intent = self.intents[intent_id]
        if intent.status is IntentStatus.SUCCEEDED:
            return intent
        if intent.status is not IntentStatus.REQUIRES_CAPTURE:
            raise IntentStateChanged
        fee = intent.amount.basis_points(FEE_BASIS_POINTS) + Money.of(FEE_FIXED, intent.amount.currency)
        return self._keep(replace(intent, status=IntentStatus.SUCCEEDED, fee=fee))

    def cancel(self, intent_id: str, payment_id: str) -> Intent:
        self._called("cancel")
        intent = self.intents[intent_id]
        if intent.status is IntentStatus.SUCCEEDED:
            raise IntentStateChanged
        return self._keep(replace(intent, status=IntentStatus.CANCELED))

    def refund(self, intent_id: str, amount: Money, refund_id: str) -> RefundReceipt:
        self._called("refund")
        if refund_id not in self.refunds:
            intent = self.intents[intent_id]
            if self.disputes.blocks_refunds(intent_id):
                raise IntentStateChanged
            refunded = intent.refunded_minor + amount.amount_minor
            assert intent.status is IntentStatus.SUCCEEDED
            assert refunded <= intent.amount.amount_minor, "more than was paid"
            self._keep(replace(intent, refunded_minor=refunded))
            self.refunds[refund_id] = RefundReceipt(id=f"re_{refund_id}", amount=amount, status="succeeded")
            self.refunded_intents[refund_id] = intent_id
        return self.refunds[refund_id]

    def find_refund(self, intent_id: str, refund_id: str) -> RefundReceipt | None:
        self._called("find_refund")
        return self.refunds.get(refund_id)

    def refunds_of(self, intent_id: str) -> tuple[RefundReceipt, ...]:
        self._called("refunds_of")
        return tuple(
            made for refund_id, made in self.refunds.items() if self.refunded_intents[refund_id] == intent_id
        )

    # What happens at the provider without us.

    def confirm(self, intent_id: str, payment_method: str = "pm_card_visa") -> None:
        """The client pays at the form."""
        intent = self.intents[intent_id]
        assert intent.status not in {IntentStatus.CANCELED, IntentStatus.SUCCEEDED}
        self._keep(self._confirmed(intent, payment_method))

    def lapse(self, intent_id: str) -> None:
        """The authorisation runs out."""
        self._keep(replace(self.intents[intent_id], status=IntentStatus.CANCELED))

    def dispute(self, intent_id: str, amount: Money | None = None, *, is_inquiry: bool = False) -> str:
        """The cardholder disputes all that was not refunded, or `amount` of it; the dispute's id."""
        intent = self._keep(replace(self.intents[intent_id], is_disputed=True))
        left = Money.of(intent.amount.amount_minor - intent.refunded_minor, intent.amount.currency)
        return self.disputes.open(intent_id, amount or left, self.now(), is_inquiry=is_inquiry)

    def cash_minor(self) -> int:
        """What lies on the platform's account: captured less fees, refunds and what disputes have taken."""
        captured = [one for one in self.intents.values() if one.status is IntentStatus.SUCCEEDED]
        taken = sum(
            one.amount.amount_minor - one.refunded_minor - (one.fee.amount_minor if one.fee else 0)
            for one in captured
        )
        return taken + self.disputes.cash_minor()

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.is_away:
            raise PaymentsUnavailable

    def _new_intent(self, order: Order) -> Intent:
        number = next(self._numbers)
        intent = Intent(
            id=f"pi_{number}",
            status=IntentStatus.REQUIRES_PAYMENT_METHOD,
            amount=order.amount,
            client_secret=f"pi_{number}_secret_{number}",
        )
        if order.is_off_session and order.payment_method in NEEDS_ACTION:
            return replace(intent, decline_reason=DeclineReason.AUTHENTICATION_REQUIRED)
        return intent if order.payment_method is None else self._confirmed(intent, order.payment_method)

    def _confirmed(self, intent: Intent, payment_method: str) -> Intent:
        if payment_method in DECLINED:
            return replace(intent, decline_reason=DECLINED[payment_method])
        if payment_method in NEEDS_ACTION:
            return replace(intent, status=IntentStatus.REQUIRES_ACTION, payment_method=payment_method)
        return replace(
            intent,
            payment_method=payment_method,
            status=IntentStatus.REQUIRES_CAPTURE,
            decline_reason=None,
            capture_before=self.now() + timedelta(days=7),
            charge_id=f"ch_{intent.id}",
        )

    def _keep(self, intent: Intent) -> Intent:
        self.intents[intent.id] = intent
        return intent
