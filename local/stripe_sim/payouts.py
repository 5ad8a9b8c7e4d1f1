"""Payouts of connected accounts: made by hand, listed, cancelled; the platform speaks for the account."""

from stripe.params import (
    PayoutCancelParams,
    PayoutCreateParams,
    PayoutListParams,
    PayoutRetrieveParams,
    PayoutUpdateParams,
)

from local.stripe_sim.currencies import check_currency, check_positive
from local.stripe_sim.errors import Refusal, no_such, unsupported
from local.stripe_sim.external_accounts import default_of, mine
from local.stripe_sim.ledger import balance_minor, insufficient
from local.stripe_sim.listing import list_of
from local.stripe_sim.paying_out import canceled, instant_fee, pay_out
from local.stripe_sim.routing import PAGING, Call, Routes, get, post
from local.stripe_sim.shapes import Json, Obj
from local.stripe_sim.world import merged_metadata


def _create(call: Call) -> Obj:
    params, world = call.params, call.world
    if world.account is None:
        raise unsupported(["payouts of the platform itself"])
    account, currency = call.platform.find("account", world.account), params.text("currency")
    check_currency(currency)
    check_positive(params.whole("amount"), "amount")
    if not account["payouts_enabled"]:
        raise Refusal("Payouts are disabled for this account.", code="payouts_not_allowed")
    to = _destination(account, params.maybe_text("destination"), currency)
    amount, is_instant = params.whole("amount"), params.maybe_text("method") == "instant"
    if is_instant and "instant" not in _methods(to):
        raise Refusal(
            "The external account doesn't support instant payouts.",
            code="instant_payouts_unsupported",
            param="method",
        )
    if amount + (instant_fee(amount) if is_instant else 0) > balance_minor(world, currency):
        raise insufficient("You have insufficient funds in your Stripe account for this payout.")
    return pay_out(world, to, amount, params, is_instant=is_instant)


def _destination(account: Obj, destination: str | None, currency: str) -> Obj:
    if destination is None:
        to = default_of(account, currency)
        if to is None:
            raise Refusal(f"Sorry, you don't have any external accounts in that currency ({currency}).")
    else:
        to = next((one for one in mine(account) if one["id"] == destination), None)
        if to is None:
            raise no_such("external account", destination, "destination")
        if to["currency"] != currency:
            raise Refusal(f"The external account does not take {currency}.", param="currency")
    if to["status"] == "errored":
        raise Refusal("The bank account provided can't be used for payouts.", code="bank_account_unusable")
    return to


def _methods(to: Obj) -> list[Json]:
    methods = to["available_payout_methods"]
    return methods if isinstance(methods, list) else []


def _retrieve(call: Call) -> Obj:
    return call.world.find("payout", call.id)


def _update(call: Call) -> Obj:
    payout = call.world.find("payout", call.id)
    return call.world.change("payout.updated", payout, metadata=merged_metadata(payout, call.params))


def _cancel(call: Call) -> Obj:
    payout = call.world.find("payout", call.id)
    if payout["status"] != "pending" or payout["automatic"]:
        raise Refusal("Only pending payouts that were created manually can be canceled.")
    return canceled(call.world, payout)


def _list(call: Call) -> Obj:
    return list_of(call.world.kept("payout").values(), call.params, "/v1/payouts", "destination status")


ROUTES: Routes = (
    post(
        "/v1/payouts",
        PayoutCreateParams,
        _create,
        "amount currency description destination metadata method source_type statement_descriptor",
        for_accounts=True,
    ),
    get("/v1/payouts", PayoutListParams, _list, PAGING + " destination status", for_accounts=True),
    get("/v1/payouts/{id}", PayoutRetrieveParams, _retrieve, for_accounts=True),
    post("/v1/payouts/{id}", PayoutUpdateParams, _update, "metadata", for_accounts=True),
    post("/v1/payouts/{id}/cancel", PayoutCancelParams, _cancel, for_accounts=True),
)
