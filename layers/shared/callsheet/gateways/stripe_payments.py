"""Payments through Stripe: the port of `gateways/payments.py` over the `stripe` SDK, at the SDK's own API version."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import stripe

from callsheet.gateways.declines import decline_reason
from callsheet.gateways.errors import (
    IntentNotFound,
    IntentRefused,
    IntentStateChanged,
    PaymentsUnavailable,
)
from callsheet.gateways.payments import DeclineReason, Intent, IntentStatus, Order, RefundReceipt
from callsheet.gateways.stripe_amounts import to_stripe
from callsheet.gateways.stripe_intents import intent_from, receipt_from
from callsheet.kernel.money import Money
from callsheet.platform.secrets import forget_secrets, secret
from callsheet.platform.settings import settings

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams, RefundCreateParams

# To connect, and to wait for an answer. With one repetition a call ends within 15 s: 25 s leave time to answer.
_TIMEOUTS_SECONDS = (3.0, 7.0)
_REPETITIONS = 1
_CHARGE = "latest_charge"
_CHARGE_AND_FEE = "latest_charge.balance_transaction"
_EACH = "data.latest_charge"
_RECENT = 100
_MISSING = "resource_missing"
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
_UNSURE = (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError)


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
                {"customer": order.customer_id, "limit": _RECENT, "expand": [_EACH]}
            )
            return next((one for one in recent.data if _says(one, "payment_id", order.payment_id)), None)

        try:
            with _outcome():
                return intent_from(_past_a_kept_failure(ask, f"{order.payment_id}/authorize", find))
        except stripe.CardError as refusal:
            return _refused(refusal)
        except stripe.InvalidRequestError as error:
            raise _never(error) from error

    def intent(self, intent_id: str) -> Intent:
        try:
            with _outcome():
                found = self._v1.payment_intents.retrieve(intent_id, {"expand": [_CHARGE_AND_FEE]})
        except stripe.InvalidRequestError as error:
            if error.code == _MISSING:
                raise IntentNotFound from error
            raise
        return intent_from(found)

    def capture(self, intent_id: str, payment_id: str) -> Intent:
        def ask(key: str) -> stripe.PaymentIntent:
            return self._v1.payment_intents.capture(
                intent_id, {"expand": [_CHARGE_AND_FEE]}, {"idempotency_key": key}
            )

        with _outcome():
            return intent_from(_past_a_kept_failure(ask, f"{payment_id}/capture"))

    def cancel(self, intent_id: str, payment_id: str) -> Intent:
        def ask(key: str) -> stripe.PaymentIntent:
            return self._v1.payment_intents.cancel(intent_id, {"expand": [_CHARGE]}, {"idempotency_key": key})

        try:
            with _outcome():
                return intent_from(_past_a_kept_failure(ask, f"{payment_id}/cancel"))
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
                    _past_a_kept_failure(ask, refund_id, lambda: self._refund_called(intent_id, refund_id))
                )
        except stripe.InvalidRequestError as error:
            if error.param == "amount":
                raise IntentStateChanged from error
            raise

    def find_refund(self, intent_id: str, refund_id: str) -> RefundReceipt | None:
        with _outcome():
            made = self._refund_called(intent_id, refund_id)
        return None if made is None else receipt_from(made)

    def _refund_called(self, intent_id: str, refund_id: str) -> stripe.Refund | None:
        made = self._v1.refunds.list({"payment_intent": intent_id, "limit": _RECENT})
        return next((one for one in made.data if _says(one, "refund_id", refund_id)), None)

    @property
    def _v1(self) -> stripe.V1Services:
        """The services under the key that is valid now."""
        http = self._http or stripe.default_http_client or _network()
        return _client(secret("stripe")["api_key"], http).v1


@cache
def _network() -> stripe.HTTPClient:
    return stripe.RequestsClient(timeout=_TIMEOUTS_SECONDS)


@lru_cache(maxsize=1)
def _client(api_key: str, http: stripe.HTTPClient) -> stripe.StripeClient:
    base = settings().stripe_api_base
    return stripe.StripeClient(
        api_key,
        http_client=http,
        max_network_retries=_REPETITIONS,
        base_addresses={"api": base} if base else None,
    )


def _intent_params(order: Order) -> "PaymentIntentCreateParams":
    params: PaymentIntentCreateParams = {
        "amount": to_stripe(order.amount),
        "currency": order.amount.currency.lower(),
        "capture_method": "manual",
        "allowed_payment_method_types": ["card"],
        "customer": order.customer_id,
        "description": order.description,
        "metadata": {"payment_id": order.payment_id, "subject": order.subject},
        "transfer_group": order.subject,
        "expand": [_CHARGE],
    }
    if order.payment_method is not None:
        params["payment_method"] = order.payment_method
        params["confirm"] = True
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
    is_customer_gone = error.param == "customer" and error.code == _MISSING
    _logger.error("intent_refused", extra={"stripe_code": error.code, "stripe_param": error.param})
    return IntentRefused(DeclineReason.PROCESSING_ERROR, is_customer_gone=is_customer_gone)


def _past_a_kept_failure[R](
    ask: Callable[[str], R], key: str, find: Callable[[], R | None] = lambda: None
) -> R:
    """Ask; where Stripe repeats a failure of its own that it keeps under the key for a day, ask under another.

    A second key protects nothing: `find` looks first whether the failed call had its effect after all. It is not needed
    for what an intent's state lets happen once anyway.
    """
    try:
        return ask(key)
    except stripe.APIError as error:
        if (error.headers or {}).get("idempotent-replayed") != "true":
            raise
    return find() or ask(f"{key}/again")


def _says(made: stripe.PaymentIntent | stripe.Refund, name: str, value: str) -> bool:
    """True where the metadata we gave it says so."""
    return made.metadata is not None and made.metadata.to_dict().get(name) == value


@contextmanager
def _outcome() -> Iterator[None]:
    """Stripe's answers that say nothing of the outcome, or that somebody was faster, as ours.

    A refused card and a request that is wrong pass through: the one is an answer, the other a bug.
    """
    try:
        yield
    except _UNSURE as error:
        raise PaymentsUnavailable(retry_after_seconds=2) from error
    except stripe.AuthenticationError as error:
        forget_secrets()  # the key may have been rotated
        raise PaymentsUnavailable(retry_after_seconds=2) from error
    except stripe.InvalidRequestError as error:
        if error.code in _MOVED_ON:
            raise IntentStateChanged from error
        raise
