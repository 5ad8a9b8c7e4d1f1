"""Payments through Stripe: the port of `gateways/payments.py` over the `stripe` SDK, at the SDK's own API version."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import stripe

from callsheet.gateways.declines import DeclineReason, decline_reason
from callsheet.gateways.errors import (
    IntentNotFound,
    IntentRefused,
    IntentStateChanged,
)
from callsheet.gateways.payments import Intent, IntentStatus, Order, RefundReceipt
from callsheet.gateways.stripe_amounts import to_stripe
from callsheet.gateways.stripe_client import MISSING, RECENT, outcome, past_a_kept_failure, says, services
from callsheet.gateways.stripe_intents import intent_from, receipt_from
from callsheet.kernel.money import Money

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams, PaymentIntentListParams, RefundCreateParams

_CHARGE = "latest_charge"
_CHARGE_AND_FEE = "latest_charge.balance_transaction"
_EACH = "data.latest_charge"
_logger = logging.getLogger(__name__)
# What Stripe says where somebody else was there first (Stripe, "Error codes").
_MOVED_ON = frozenset(
    {
        "payment_intent_unexpected_state",
        "charge_already_captured",
        "charge_already_refunded",
        "charge_disputed",
        "charge_expired_for_capture",
        "charge_not_refundable",
    }
)


class StripePayments:
    """Implements `PaymentGateway`. `http_client`, or else the SDK's own `stripe.default_http_client`, replaces the
    network in tests.
    """

    def __init__(self, http_client: stripe.HTTPClient | None = None) -> None:
        self._http = http_client

    def create_customer(self, user_id: str) -> str:
        with _outcome():
            customer = self._v1.customers.create(
                {"metadata": {"user_id": user_id}}, {"idempotency_key": f"customer/{user_id}"}
            )
        return customer.id

    def authorize(self, order: Order) -> Intent:
        params = _intent_params(order)

        def ask(key: str) -> stripe.PaymentIntent:
            return self._v1.payment_intents.create(params, {"idempotency_key": key})

        def find() -> stripe.PaymentIntent | None:
            recent = self._v1.payment_intents.list(
                {"customer": order.customer_id, "limit": RECENT, "expand": [_EACH]}
            )
            return next((one for one in recent.data if says(one, "payment_id", order.payment_id)), None)

        try:
            with _outcome():
                return intent_from(past_a_kept_failure(ask, f"{order.payment_id}/authorize", find))
        except stripe.CardError as refusal:
            return _refused(refusal)
        except stripe.InvalidRequestError as error:
            raise _never(error) from error

    def find_intent(self, payment_id: str, since: datetime, customer_id: str | None) -> Intent | None:
        """Stripe filters by customer and creation alone: what is left is gone through, a hundred a call."""
        params: PaymentIntentListParams = {
            "created": {"gte": int(since.timestamp())}, "expand": [_EACH], "limit": RECENT
        }  # fmt: skip
        if customer_id is not None:
            params["customer"] = customer_id
        with _outcome():
            made = self._v1.payment_intents.list(params).auto_paging_iter()
            found = next((one for one in made if says(one, "payment_id", payment_id)), None)
        return None if found is None else intent_from(found)

    def intent(self, intent_id: str) -> Intent:
        try:
            with _outcome():
                found = self._v1.payment_intents.retrieve(intent_id, {"expand": [_CHARGE_AND_FEE]})
        except stripe.InvalidRequestError as error:
            if error.code == MISSING:
                raise IntentNotFound from error
            raise
        return intent_from(found)

    def capture(self, intent_id: str, payment_id: str) -> Intent:
        def ask(key: str) -> stripe.PaymentIntent:
            return self._v1.payment_intents.capture(
                intent_id, {"expand": [_CHARGE_AND_FEE]}, {"idempotency_key": key}
            )

        with _outcome():
            return intent_from(past_a_kept_failure(ask, f"{payment_id}/capture"))

    def cancel(self, intent_id: str, payment_id: str) -> Intent:
        def ask(key: str) -> stripe.PaymentIntent:
            return self._v1.payment_intents.cancel(intent_id, {"expand": [_CHARGE]}, {"idempotency_key": key})

        try:
            with _outcome():
                return intent_from(past_a_kept_failure(ask, f"{payment_id}/cancel"))
        except IntentStateChanged:
            found = self.intent(intent_id)
            if found.status is not IntentStatus.CANCELED:
                raise
            return found

    def refund(self, intent_id: str, amount: Money, refund_id: str) -> RefundReceipt:
        params: RefundCreateParams = {
            "payment_intent": intent_id,
            "amount": to_stripe(amount),
            "metadata": {"refund_id": refund_id},
        }

        def ask(key: str) -> stripe.Refund:
            return self._v1.refunds.create(params, {"idempotency_key": key})

        try:
            with _outcome():
                return receipt_from(
                    past_a_kept_failure(ask, refund_id, lambda: self._refund_called(intent_id, refund_id))
                )
        except stripe.InvalidRequestError as error:
            if error.param == "amount":
                raise IntentStateChanged from error
            raise

    def find_refund(self, intent_id: str, refund_id: str) -> RefundReceipt | None:
        with _outcome():
            made = self._refund_called(intent_id, refund_id)
        return None if made is None else receipt_from(made)

    def refunds_of(self, intent_id: str) -> tuple[RefundReceipt, ...]:
        with _outcome():
            made = self._v1.refunds.list({"payment_intent": intent_id, "limit": RECENT})
            return tuple(map(receipt_from, made.auto_paging_iter()))

    def _refund_called(self, intent_id: str, refund_id: str) -> stripe.Refund | None:
        made = self._v1.refunds.list({"payment_intent": intent_id, "limit": RECENT})
        return next((one for one in made.data if says(one, "refund_id", refund_id)), None)

    @property
    def _v1(self) -> stripe.V1Services:
        return services(self._http)


def _intent_params(order: Order) -> "PaymentIntentCreateParams":
    params: PaymentIntentCreateParams = {
        "amount": to_stripe(order.amount),
        "currency": order.amount.currency.lower(),
        "capture_method": "manual",
        "allowed_payment_method_types": ["card"],
        "customer": order.customer_id,
        "description": order.description,
        "metadata": {"payment_id": order.payment_id, "subject": order.subject},
        "transfer_group": order.group,
        "expand": [_CHARGE],
    }
    if order.payment_method is not None:
        params["payment_method"] = order.payment_method
        params["confirm"] = True
    if order.is_off_session:
        params["off_session"] = True
    else:
        params["setup_future_usage"] = "off_session"
    return params


def _refused(refusal: stripe.CardError) -> Intent:
    """The intent that a refusal carries: Stripe makes it before it asks the bank."""
    intent = getattr(refusal.error, "payment_intent", None)
    if intent is None:
        reason = decline_reason(refusal.code, getattr(refusal.error, "decline_code", None))
        raise IntentRefused(reason) from refusal
    return intent_from(intent)


def _never(error: stripe.InvalidRequestError) -> IntentRefused:
    """A request that Stripe will never take. Beyond cards and customers there are, somebody here should look at it."""
    if error.param == "payment_method":
        return IntentRefused(DeclineReason.INVALID_PAYMENT_METHOD)
    is_customer_gone = error.param == "customer" and error.code == MISSING
    _logger.error("intent_refused", extra={"stripe_code": error.code, "stripe_param": error.param})
    return IntentRefused(DeclineReason.PROCESSING_ERROR, is_customer_gone=is_customer_gone)


@contextmanager
def _outcome() -> Iterator[None]:
    """Besides what says nothing of the outcome: that somebody was faster."""
    try:
        with outcome():
            yield
    except stripe.InvalidRequestError as error:
        if error.code in _MOVED_ON:
            raise IntentStateChanged from error
        raise
