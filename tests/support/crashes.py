"""A process that dies at one chosen step: before or after a transaction, before or after a call to Stripe."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from unittest.mock import patch

from callsheet.gateways.disputes import DisputeGateway, Evidence, FoundDispute
from callsheet.gateways.payments import Intent, Order, PaymentGateway, RefundReceipt
from callsheet.gateways.payouts import FoundPayout, InstantPayoutOrder, PayoutGateway
from callsheet.gateways.transfers import TransferGateway, TransferOrder, TransferReceipt
from callsheet.kernel.money import Money
from callsheet.platform.table import connection


class Died(BaseException):
    """Nothing in the product may catch it, as nothing catches a killed process."""


@dataclass(slots=True)
class Steps:
    """Counts the steps that have an effect outside of the process, and dies at one: `at` is its number from zero.

    `after` says whether the step has had its effect by then.
    """

    at: int | None = None
    after: bool = False
    names: list[str] = field(default_factory=list)

    def step[V](self, name: str, act: Callable[[], V]) -> V:
        number = len(self.names)
        self.names.append(name)
        if number == self.at and not self.after:
            raise Died(name)
        answer = act()
        if number == self.at:
            raise Died(name)
        return answer

    @contextmanager
    def watching_transactions(self) -> Iterator[None]:
        """Count the transactions that are sent meanwhile."""
        client = connection().client
        call = cast("Callable[[str, object], Mapping[str, object]]", client._make_api_call)

        def counted(operation: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
            if operation != "TransactWriteItems":
                return call(operation, arguments)
            return self.step("transaction", lambda: call(operation, arguments))

        with patch.object(client, "_make_api_call", counted):
            yield


@dataclass(frozen=True, slots=True)
class MortalPayments:
    """Passes every call on, as one of the steps."""

    inner: PaymentGateway
    steps: Steps

    def create_customer(self, user_id: str) -> str:
        return self.steps.step("create_customer", lambda: self.inner.create_customer(user_id))

    def authorize(self, order: Order) -> Intent:
        return self.steps.step("authorize", lambda: self.inner.authorize(order))

    def find_intent(self, payment_id: str, since: datetime, customer_id: str | None) -> Intent | None:
        return self.steps.step("find_intent", lambda: self.inner.find_intent(payment_id, since, customer_id))

    def intent(self, intent_id: str) -> Intent:
        return self.steps.step("intent", lambda: self.inner.intent(intent_id))

    def capture(self, intent_id: str, payment_id: str) -> Intent:
        return self.steps.step("capture", lambda: self.inner.capture(intent_id, payment_id))

    def cancel(self, intent_id: str, payment_id: str) -> Intent:
        return self.steps.step("cancel", lambda: self.inner.cancel(intent_id, payment_id))

    def refund(self, intent_id: str, amount: Money, refund_id: str) -> RefundReceipt:
        return self.steps.step("refund", lambda: self.inner.refund(intent_id, amount, refund_id))

    def find_refund(self, intent_id: str, refund_id: str) -> RefundReceipt | None:
        return self.steps.step("find_refund", lambda: self.inner.find_refund(intent_id, refund_id))

    def refunds_of(self, intent_id: str) -> tuple[RefundReceipt, ...]:
        return self.steps.step("refunds_of", lambda: self.inner.refunds_of(intent_id))


@dataclass(frozen=True, slots=True)
class MortalTransfers:
    """Passes every call on, as one of the steps."""

    inner: TransferGateway
    steps: Steps

    def transfer(self, order: TransferOrder) -> TransferReceipt:
        return self.steps.step("transfer", lambda: self.inner.transfer(order))

    def find_transfer(self, order: TransferOrder) -> TransferReceipt | None:
        return self.steps.step("find_transfer", lambda: self.inner.find_transfer(order))

    def reverse(self, transfer_id: str, amount: Money, key: str) -> TransferReceipt:
        return self.steps.step("reverse", lambda: self.inner.reverse(transfer_id, amount, key))

    def find_reversal(self, transfer_id: str, key: str) -> TransferReceipt | None:
        return self.steps.step("find_reversal", lambda: self.inner.find_reversal(transfer_id, key))


@dataclass(frozen=True, slots=True)
class MortalDisputes:
    """Passes every call on, as one of the steps."""

    inner: DisputeGateway
    steps: Steps

    def disputes_of(self, intent_id: str) -> tuple[FoundDispute, ...]:
        return self.steps.step("disputes_of", lambda: self.inner.disputes_of(intent_id))

    def upload(self, content: bytes, name: str, key: str) -> str:
        return self.steps.step("upload", lambda: self.inner.upload(content, name, key))

    def submit_evidence(self, dispute_id: str, evidence: Evidence, key: str) -> None:
        self.steps.step("submit_evidence", lambda: self.inner.submit_evidence(dispute_id, evidence, key))


@dataclass(frozen=True, slots=True)
class MortalPayouts:
    """Passes every call on, as one of the steps."""

    inner: PayoutGateway
    steps: Steps

    def payout(self, account_id: str, payout_id: str) -> FoundPayout:
        return self.steps.step("payout", lambda: self.inner.payout(account_id, payout_id))

    def instant_funds(self, account_id: str) -> tuple[Money, ...]:
        return self.steps.step("instant_funds", lambda: self.inner.instant_funds(account_id))

    def pay_instantly(self, order: InstantPayoutOrder) -> FoundPayout:
        return self.steps.step("pay_instantly", lambda: self.inner.pay_instantly(order))

    def find_payout(self, order: InstantPayoutOrder, since: datetime) -> FoundPayout | None:
        return self.steps.step("find_payout", lambda: self.inner.find_payout(order, since))
