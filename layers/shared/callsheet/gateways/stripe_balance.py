"""The platform's balance at Stripe (Stripe, "Balance transactions" and "Balance")."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import stripe

from callsheet.gateways.balance import BalanceTransaction, TransactionPage
from callsheet.gateways.stripe_amounts import from_stripe
from callsheet.gateways.stripe_client import MISSING, outcome, services

if TYPE_CHECKING:
    from stripe.params import BalanceTransactionListParams

# A page and what is kept of its progress go into one transaction of DynamoDB's, which takes 100 items.
PAGE = 95
_MOST_OF_ONE = 100
_TRANSACTION = "txn_"


class StripeBalance:
    """Implements `BalanceGateway`. `http_client` replaces the network in tests."""

    def __init__(self, http_client: stripe.HTTPClient | None = None) -> None:
        self._http = http_client

    def transactions(self, since: datetime, until: datetime, after: str | None = None) -> TransactionPage:
        params: BalanceTransactionListParams = {
            "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
            "limit": PAGE,
        }
        if after is not None:
            params["starting_after"] = after
        with outcome():
            page = self._v1.balance_transactions.list(params)
        items = tuple(map(_transaction, page.data))
        return TransactionPage(items, items[-1].id if page.has_more else None)

    def transactions_of(self, reference: str) -> tuple[BalanceTransaction, ...]:
        try:
            with outcome():
                return tuple(map(_transaction, self._found(reference)))
        except stripe.InvalidRequestError as error:
            if error.code != MISSING:
                raise
            return ()

    def balance_minor(self) -> Mapping[str, int]:
        with outcome():
            balance = self._v1.balance.retrieve()
        sums: Counter[str] = Counter()
        for amount, currency in (
            *((part.amount, part.currency) for part in balance.available),
            *((part.amount, part.currency) for part in balance.pending),
        ):
            sums[currency.upper()] += from_stripe(amount, currency).amount_minor
        return dict(sums)

    def _found(self, reference: str) -> list[stripe.BalanceTransaction]:
        """What has no object of its own is known by its own id."""
        if reference.startswith(_TRANSACTION):
            return [self._v1.balance_transactions.retrieve(reference)]
        found = self._v1.balance_transactions.list({"source": reference, "limit": _MOST_OF_ONE})
        return list(found.auto_paging_iter())

    @property
    def _v1(self) -> stripe.V1Services:
        return services(self._http)


def _transaction(made: stripe.BalanceTransaction) -> BalanceTransaction:
    source = made.source
    return BalanceTransaction(
        id=made.id,
        type=made.type,
        source=source if source is None or isinstance(source, str) else source.id,
        amount=from_stripe(made.amount, made.currency),
        fee=from_stripe(made.fee, made.currency),
        created_at=datetime.fromtimestamp(made.created, UTC),
    )
