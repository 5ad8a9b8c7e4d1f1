"""Transfers through Stripe Connect, as separate charges and transfers (Stripe, "Separate charges and transfers")."""

import logging
from typing import TYPE_CHECKING

import stripe

from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.refusals import TransferRefusal
from callsheet.gateways.stripe_amounts import from_stripe, to_stripe
from callsheet.gateways.stripe_client import RECENT, code_of, outcome, past_a_kept_failure, says, services
from callsheet.gateways.transfers import ReversalRefused, TransferOrder, TransferReceipt, TransferRefused
from callsheet.kernel.money import Money

if TYPE_CHECKING:
    from stripe.params import TransferCreateParams, TransferReversalCreateParams

_KEY = "transfer_key"
_logger = logging.getLogger(__name__)
# Stripe, "Error codes".
_REFUSALS = {
    "insufficient_capabilities_for_transfer": TransferRefusal.ACCOUNT,
    "account_invalid": TransferRefusal.ACCOUNT,
    "account_closed": TransferRefusal.ACCOUNT,
    "resource_missing": TransferRefusal.ACCOUNT,
    "balance_insufficient": TransferRefusal.BALANCE,
    "insufficient_funds": TransferRefusal.BALANCE,
}


class StripeTransfers:
    """Implements `TransferGateway`. `http_client` replaces the network in tests."""

    def __init__(self, http_client: stripe.HTTPClient | None = None) -> None:
        self._http = http_client

    def transfer(self, order: TransferOrder) -> TransferReceipt:
        params = _transfer_params(order)

        def ask(key: str) -> stripe.Transfer:
            return self._v1.transfers.create(params, {"idempotency_key": key})

        try:
            with outcome():
                return _receipt(past_a_kept_failure(ask, order.key, lambda: self._transfer_called(order)))
        except (stripe.InvalidRequestError, stripe.PermissionError) as error:
            raise TransferRefused(_REFUSALS.get(code_of(error) or "", TransferRefusal.OTHER)) from error

    def find_transfer(self, order: TransferOrder) -> TransferReceipt | None:
        with outcome():
            made = self._transfer_called(order)
        return None if made is None else _receipt(made)

    def reverse(self, transfer_id: str, amount: Money, key: str) -> TransferReceipt:
        params: TransferReversalCreateParams = {"amount": to_stripe(amount), "metadata": {_KEY: key}}

        def ask(call_key: str) -> stripe.TransferReversal:
            return self._v1.transfers.reversals.create(transfer_id, params, {"idempotency_key": call_key})

        try:
            with outcome():
                return _receipt(
                    past_a_kept_failure(ask, key, lambda: self._reversal_called(transfer_id, key))
                )
        except (stripe.InvalidRequestError, stripe.PermissionError) as error:
            raise _not_reversed(error) from error

    def find_reversal(self, transfer_id: str, key: str) -> TransferReceipt | None:
        with outcome():
            made = self._reversal_called(transfer_id, key)
        return None if made is None else _receipt(made)

    def _transfer_called(self, order: TransferOrder) -> stripe.Transfer | None:
        made = self._v1.transfers.list({"transfer_group": order.group, "limit": RECENT})
        return next((one for one in made.data if says(one, _KEY, order.key)), None)

    def _reversal_called(self, transfer_id: str, key: str) -> stripe.TransferReversal | None:
        made = self._v1.transfers.reversals.list(transfer_id, {"limit": RECENT})
        return next((one for one in made.data if says(one, _KEY, key)), None)

    @property
    def _v1(self) -> stripe.V1Services:
        return services(self._http)


def _transfer_params(order: TransferOrder) -> "TransferCreateParams":
    params: TransferCreateParams = {
        "amount": to_stripe(order.amount),
        "currency": order.amount.currency.lower(),
        "destination": order.account_id,
        "transfer_group": order.group,
        "metadata": {"subject": order.group, _KEY: order.key},
    }
    if order.charge_id is not None:
        params["source_transaction"] = order.charge_id
    return params


def _not_reversed(error: stripe.StripeError) -> Exception:
    """Only an account that has not so much makes a debt of it. Anything else is for somebody here: until then the
    reversal is asked for again, and what waits for it waits.
    """
    code = code_of(error)
    if _REFUSALS.get(code or "") is TransferRefusal.BALANCE:
        return ReversalRefused()
    _logger.error(
        "reversal_refused", extra={"stripe_code": code, "stripe_param": getattr(error, "param", None)}
    )
    return PaymentsUnavailable()


def _receipt(made: stripe.Transfer | stripe.TransferReversal) -> TransferReceipt:
    return TransferReceipt(id=made.id, amount=from_stripe(made.amount, made.currency))
