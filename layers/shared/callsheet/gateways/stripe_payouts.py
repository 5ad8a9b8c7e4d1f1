"""Payouts of connected accounts at Stripe (Stripe, "Payouts" and "Instant Payouts for Connect")."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import stripe

from callsheet.gateways.payouts import (
    BankPayoutStatus,
    FoundPayout,
    InstantPayoutOrder,
    PayoutFailure,
    PayoutGone,
    PayoutMethod,
    PayoutRefusal,
    PayoutRefused,
)
from callsheet.gateways.stripe_amounts import from_stripe, to_stripe
from callsheet.gateways.stripe_client import (
    MISSING,
    RECENT,
    code_of,
    outcome,
    past_a_kept_failure,
    says,
    services,
)
from callsheet.kernel.money import Money

if TYPE_CHECKING:
    from stripe.params import PayoutCreateParams

_KEY = "payout_key"
_CLOCKS_DIFFER = timedelta(minutes=5)
_GONE = frozenset({MISSING, "account_invalid", "account_closed"})
# Stripe, "Error codes".
_REFUSALS = {
    "balance_insufficient": PayoutRefusal.FUNDS,
    "insufficient_funds": PayoutRefusal.FUNDS,
    "amount_too_small": PayoutRefusal.FUNDS,
    "instant_payouts_unsupported": PayoutRefusal.UNSUPPORTED,
    "instant_payouts_currency_disabled": PayoutRefusal.UNSUPPORTED,
    "instant_payouts_config_disabled": PayoutRefusal.UNSUPPORTED,
    "bank_account_unusable": PayoutRefusal.UNSUPPORTED,
    "instant_payouts_limit_exceeded": PayoutRefusal.LIMIT,
    "payouts_limit_exceeded": PayoutRefusal.LIMIT,
    "payouts_not_allowed": PayoutRefusal.ACCOUNT,
    "account_invalid": PayoutRefusal.ACCOUNT,
    "account_closed": PayoutRefusal.ACCOUNT,
}
# Stripe, "Payout failures".
_FAILURES = {
    "account_closed": PayoutFailure.ACCOUNT_CLOSED,
    "no_account": PayoutFailure.ACCOUNT_UNKNOWN,
    "incorrect_account_holder_address": PayoutFailure.OWNER_MISMATCH,
    "incorrect_account_holder_details": PayoutFailure.OWNER_MISMATCH,
    "incorrect_account_holder_name": PayoutFailure.OWNER_MISMATCH,
    "incorrect_account_holder_tax_id": PayoutFailure.OWNER_MISMATCH,
    "bank_ownership_changed": PayoutFailure.OWNER_MISMATCH,
    "invalid_account_number": PayoutFailure.ACCOUNT_UNKNOWN,
    "invalid_account_number_length": PayoutFailure.ACCOUNT_UNKNOWN,
    "account_frozen": PayoutFailure.ACCOUNT_RESTRICTED,
    "bank_account_restricted": PayoutFailure.ACCOUNT_RESTRICTED,
    "bank_account_unusable": PayoutFailure.ACCOUNT_RESTRICTED,
    "debit_not_authorized": PayoutFailure.ACCOUNT_RESTRICTED,
    "invalid_currency": PayoutFailure.CURRENCY,
    "declined": PayoutFailure.DECLINED,
    "could_not_process": PayoutFailure.DECLINED,
    "insufficient_funds": PayoutFailure.INSUFFICIENT_FUNDS,
}


class StripePayouts:
    """Implements `PayoutGateway`. `http_client` replaces the network in tests."""

    def __init__(self, http_client: stripe.HTTPClient | None = None) -> None:
        self._http = http_client

    def payout(self, account_id: str, payout_id: str) -> FoundPayout:
        try:
            with outcome():
                return _found(self._v1.payouts.retrieve(payout_id, {}, {"stripe_account": account_id}))
        except (stripe.InvalidRequestError, stripe.PermissionError) as error:
            if code_of(error) in _GONE:
                raise PayoutGone from error
            raise

    def instant_funds(self, account_id: str) -> tuple[Money, ...]:
        """Net of what the platform's own pricing at Stripe would take, where it has any."""
        with outcome(), _refused():
            balance = self._v1.balance.retrieve({}, {"stripe_account": account_id})
        # The SDK answers AttributeError for what an account does not have.
        sums: Iterable[stripe.Balance.InstantAvailable] = getattr(balance, "instant_available", None) or ()
        return tuple(from_stripe(_net(one), one.currency) for one in sums)

    def pay_instantly(self, order: InstantPayoutOrder) -> FoundPayout:
        params: PayoutCreateParams = {
            "amount": to_stripe(order.amount),
            "currency": order.amount.currency.lower(),
            "method": "instant",
            "metadata": {_KEY: order.key},
        }

        def ask(key: str) -> stripe.Payout:
            return self._v1.payouts.create(
                params, {"idempotency_key": key, "stripe_account": order.account_id}
            )

        with _refused(), outcome():
            return _found(past_a_kept_failure(ask, order.key, lambda: self._called(order, None)))

    def find_payout(self, order: InstantPayoutOrder, since: datetime) -> FoundPayout | None:
        with _refused(), outcome():
            made = self._called(order, since)
        return None if made is None else _found(made)

    def _called(self, order: InstantPayoutOrder, since: datetime | None) -> stripe.Payout | None:
        on_account: stripe.RequestOptions = {"stripe_account": order.account_id}
        if since is None:
            recent = self._v1.payouts.list({"limit": RECENT}, on_account).data
            return next((one for one in recent if says(one, _KEY, order.key)), None)
        made_in: stripe.params.PayoutListParamsCreated = {"gte": int((since - _CLOCKS_DIFFER).timestamp())}
        made = self._v1.payouts.list({"limit": RECENT, "created": made_in}, on_account)
        return next((one for one in made.auto_paging_iter() if says(one, _KEY, order.key)), None)

    @property
    def _v1(self) -> stripe.V1Services:
        return services(self._http)


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except (stripe.InvalidRequestError, stripe.PermissionError) as error:
        raise PayoutRefused(_REFUSALS.get(code_of(error) or "", PayoutRefusal.OTHER)) from error


def _net(available: stripe.Balance.InstantAvailable) -> int:
    """Which of the account's cards and banks it goes to is Stripe's to choose: what suffices for each."""
    by_destination: Iterable[stripe.Balance.InstantAvailable.NetAvailable] = (
        getattr(available, "net_available", None) or ()
    )
    nets = [one.amount for one in by_destination]
    return min([available.amount, *nets])


def _found(payout: stripe.Payout) -> FoundPayout:
    metadata = payout.metadata.to_dict() if payout.metadata is not None else {}
    failure = payout.failure_code
    return FoundPayout(
        id=payout.id,
        amount=from_stripe(payout.amount, payout.currency),
        status=BankPayoutStatus(payout.status),
        method=PayoutMethod.INSTANT if payout.method == "instant" else PayoutMethod.STANDARD,
        created_at=datetime.fromtimestamp(payout.created, UTC),
        arrives_at=datetime.fromtimestamp(payout.arrival_date, UTC),
        failure=_FAILURES.get(failure, PayoutFailure.OTHER) if failure else None,
        key=metadata.get(_KEY),
    )
