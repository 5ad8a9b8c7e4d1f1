"""Charges and balance transactions, to read."""

from stripe.params import (
    BalanceRetrieveParams,
    BalanceTransactionListParams,
    BalanceTransactionRetrieveParams,
    ChargeListParams,
    ChargeRetrieveParams,
    ChargeUpdateParams,
)

from local.stripe_sim.ledger import balance_minor, currencies
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Json, Obj
from local.stripe_sim.world import updated


def _retrieve(call: Call) -> Obj:
    return call.world.find("charge", call.id)


def _update(call: Call) -> Obj:
    charge = call.world.find("charge", call.id)
    changes = updated(charge, call.params, frozenset({"description", "receipt_email", "transfer_group"}))
    return call.world.change("charge.updated", charge, **changes)


def _list(call: Call) -> Obj:
    return list_of(
        call.world.kept("charge").values(),
        call.params,
        "/v1/charges",
        "customer payment_intent transfer_group",
    )


def _transaction(call: Call) -> Obj:
    return call.world.find("balance_transaction", call.id)


def _transactions(call: Call) -> Obj:
    kept = call.world.kept("balance_transaction").values()
    return list_of(kept, call.params, "/v1/balance_transactions", "currency source type")


def _balance(call: Call) -> Obj:
    def sums(status: str) -> list[Json]:
        amounts = {
            currency: balance_minor(call.world, currency, status) for currency in currencies(call.world)
        }
        return [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in amounts.items()
        ]

    return {
        "object": "balance",
        "available": sums("available"),
        "livemode": False,
        "pending": sums("pending"),
        "refund_and_dispute_prefunding": {"available": [], "pending": []},
    }


ROUTES: Routes = (
    get("/v1/charges", ChargeListParams, _list, PAGING + " customer payment_intent transfer_group"),
    get("/v1/charges/{id}", ChargeRetrieveParams, _retrieve),
    post(
        "/v1/charges/{id}", ChargeUpdateParams, _update, "description metadata receipt_email transfer_group"
    ),
    get("/v1/balance", BalanceRetrieveParams, _balance),
    get(
        "/v1/balance_transactions",
        BalanceTransactionListParams,
        _transactions,
        PAGING + " currency source type",
    ),
    get("/v1/balance_transactions/{id}", BalanceTransactionRetrieveParams, _transaction),
)
