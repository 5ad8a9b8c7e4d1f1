"""The balance and its transactions, of the platform or of a connected account, to read."""

from stripe.params import (
    BalanceRetrieveParams,
    BalanceTransactionListParams,
    BalanceTransactionRetrieveParams,
)

from local.stripe_sim.errors import Refusal
from local.stripe_sim.external_accounts import mine
from local.stripe_sim.ledger import balance_minor, currencies
from local.stripe_sim.listing import list_of
from local.stripe_sim.paying_out import instant_fee
from local.stripe_sim.routing import PAGING, Call, Routes, get
from local.stripe_sim.shapes import Json, Obj, text_of
from local.stripe_sim.world import World


def _transaction(call: Call) -> Obj:
    return call.world.find("balance_transaction", call.id)


def _transactions(call: Call) -> Obj:
    world = call.world
    kept = world.kept("balance_transaction").values()
    payout = call.params.maybe_text("payout")
    if payout is not None and not world.find("payout", payout, "payout")["automatic"]:
        raise Refusal(
            "Balance transaction history can only be filtered on automatic payouts, not manual.",
            param="payout",
        )

    def is_of_payout(transaction: Obj) -> bool:
        return payout is None or world.paid_out.get(text_of(transaction, "id")) == payout

    return list_of(
        kept, call.params, "/v1/balance_transactions", "currency source type", is_kept=is_of_payout
    )


def _balance(call: Call) -> Obj:
    balance: Obj = {
        "object": "balance",
        "available": _sums(call.world, "available"),
        "livemode": False,
        "pending": _sums(call.world, "pending"),
    }
    if call.world.account is None:
        balance["connect_reserved"] = []
        balance["refund_and_dispute_prefunding"] = {"available": [], "pending": []}
    else:
        balance["instant_available"] = _instant(call.world, call.platform.find("account", call.world.account))
    return balance


def _instant(world: World, account: Obj) -> list[Json]:
    """What could be paid out at once, before and after the fee."""
    sums: list[Json] = []
    for to in mine(account):
        methods, currency = to["available_payout_methods"], text_of(to, "currency")
        if not isinstance(methods, list) or "instant" not in methods:
            continue
        amount = max(balance_minor(world, currency), 0)
        net = max(amount - instant_fee(amount), 0)
        net_available: Json = [
            {"amount": net, "destination": to["id"], "source_types": {"card": net}},
        ]
        sums.append(
            {
                "amount": amount,
                "currency": currency,
                "net_available": net_available,
                "source_types": {"card": amount},
            }
        )
    return sums


def _sums(world: World, status: str) -> list[Json]:
    amounts = {currency: balance_minor(world, currency, status) for currency in currencies(world)}
    return [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in amounts.items()
    ]


ROUTES: Routes = (
    get("/v1/balance", BalanceRetrieveParams, _balance, for_accounts=True),
    get(
        "/v1/balance_transactions",
        BalanceTransactionListParams,
        _transactions,
        PAGING + " currency payout source type",
        for_accounts=True,
    ),
    get("/v1/balance_transactions/{id}", BalanceTransactionRetrieveParams, _transaction, for_accounts=True),
)
