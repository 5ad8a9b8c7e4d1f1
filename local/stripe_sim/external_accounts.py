"""Where payouts go: bank accounts and debit cards of connected accounts (Stripe, "Testing Connect": payouts).

Stripe's test numbers say whether payouts to them fail, and with which code. Card numbers are never taken, only tokens.
"""

import hashlib
from collections.abc import Mapping

from stripe.params import (
    AccountExternalAccountCreateParams,
    AccountExternalAccountDeleteParams,
    AccountExternalAccountListParams,
    AccountExternalAccountRetrieveParams,
)

from local.stripe_sim.errors import Refusal, no_such, unsupported
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGE, Call, Routes, delete, get, post
from local.stripe_sim.shapes import Json, Obj, Params, inner_of, text_of
from local.stripe_sim.world import World, created_metadata, new_id

_KINDS = ("bank_account", "card")
# What the number ends with → the code that payouts fail with; shorter ones in Britain, IBANs elsewhere in Europe.
_FAILING_NUMBERS: Mapping[str, str] = {
    "11111116": "no_account",
    "11111113": "account_closed",
    "22222227": "insufficient_funds",
    "33333335": "debit_not_authorized",
    "44444440": "invalid_currency",
    "32013001": "no_account",
    "32013002": "account_closed",
    "32013003": "insufficient_funds",
    "32013004": "debit_not_authorized",
    "32013005": "invalid_currency",
}
BANK_TOKENS: Mapping[str, str] = {
    "btok_us": "000123456789",
    "btok_us_verified": "000123456789",
    "btok_us_verified_noAccount": "000111111116",
    "btok_us_verified_accountClosed": "000111111113",
    "btok_us_verified_insufficientFunds": "000222222227",
    "btok_us_verified_debitNotAuthorized": "000333333335",
    "btok_us_verified_invalidCurrency": "000444444440",
}
_CARD_TOKENS: Mapping[str, tuple[str, str | None, bool]] = {  # last4, failure code, takes instant payouts
    "tok_visa_debit_us_transferSuccess": ("5556", None, True),
    "tok_visa_debit_us_transferFail": ("4242", "could_not_process", True),
    "tok_visa_debit_us_instantPayoutUnsupported": ("3063", None, False),
}
_ROUTING = "110000000"


def add(world: World, account: Obj, params: Params) -> Obj:
    """Make what the parameter `external_account` says: a token, or a bank account."""
    given = params.values["external_account"]
    made, code = (
        _of_token(account, given) if isinstance(given, str) else _of_details(account, Params(_obj(given)))
    )
    others = mine(account)
    currency = made["currency"]
    is_first = all(one["currency"] != currency for one in others)
    made["default_for_currency"] = is_first or params.flag("default_for_currency")
    if made["default_for_currency"]:
        for one in others:
            one["default_for_currency"] = one["default_for_currency"] and one["currency"] != currency
    made["metadata"] = created_metadata(params)
    if code is not None:
        world.failing[text_of(made, "id")] = code
    listed = inner_of(account, "external_accounts")
    listed["data"] = [*others, made]
    world.of(text_of(account, "id")).emit("account.external_account.created", world.keep(made))
    return made


def default_of(account: Obj, currency: str) -> Obj | None:
    """Where money of this currency goes when nobody says otherwise."""
    fitting = [one for one in mine(account) if one["currency"] == currency and one["default_for_currency"]]
    return fitting[0] if fitting else None


def mine(account: Obj) -> list[Obj]:
    """All of an account's."""
    data = inner_of(account, "external_accounts")["data"]
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _obj(given: Json) -> Obj:
    return given if isinstance(given, dict) else {}


def _of_token(account: Obj, token: str) -> tuple[Obj, str | None]:
    """The account, and the code that payouts to it fail with."""
    if token in BANK_TOKENS:
        return _bank(account, BANK_TOKENS[token], "US", "usd", _ROUTING)
    if token not in _CARD_TOKENS:
        raise no_such("token", token, "external_account")
    last4, code, is_instant = _CARD_TOKENS[token]
    methods: list[Json] = ["instant", "standard"] if is_instant else ["standard"]
    card: Obj = {
        "id": new_id("card"),
        "object": "card",
        "account": account["id"],
        "available_payout_methods": methods,
        "brand": "Visa",
        "country": "US",
        "currency": "usd",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": _fingerprint(last4),
        "funding": "debit",
        "last4": last4,
        "status": "new",
    }
    return card, code


def _of_details(account: Obj, given: Params) -> tuple[Obj, str | None]:
    if "account_number" not in given:
        raise unsupported(["external_account[number]"])
    country = given.text("country")
    currency = (
        given.maybe_text("currency") or {"US": "usd", "GB": "gbp", "CA": "cad"}.get(country) or "eur"
    ).lower()
    return _bank(account, given.text("account_number"), country, currency, given.maybe_text("routing_number"))


def _bank(
    account: Obj, number: str, country: str, currency: str, routing: str | None
) -> tuple[Obj, str | None]:
    digits = number.replace(" ", "")
    if not 4 <= len(digits) <= 34 or not digits.isalnum():
        raise Refusal(
            "You must use a test bank account number in test mode.",
            code="account_number_invalid",
            param="external_account[account_number]",
        )
    if country == "US" and routing is None:
        raise Refusal(
            "Missing required param: external_account[routing_number].",
            code="parameter_missing",
            param="external_account[routing_number]",
        )
    code = next((code for end, code in _FAILING_NUMBERS.items() if digits.endswith(end)), None)
    bank: Obj = {
        "id": new_id("ba"),
        "object": "bank_account",
        "account": account["id"],
        "account_holder_name": None,
        "account_holder_type": None,
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": country,
        "currency": currency,
        "fingerprint": _fingerprint(digits),
        "last4": digits[-4:],
        "routing_number": routing,
        "status": "new",
    }
    return bank, code


def _fingerprint(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()[:16]


def _create(call: Call) -> Obj:
    account = call.world.find("account", call.id)
    made = add(call.world, account, call.params)
    call.world.standings[call.id].provide(["external_account"])
    call.world.of(call.id).change(
        "account.updated", account, **call.world.standings[call.id].seen(call.world.timestamp())
    )
    return made


def _found(call: Call) -> Obj:
    account = call.world.find("account", call.id)
    for one in mine(account):
        if one["id"] == call.ids[1]:
            return one
    raise no_such("external account", call.ids[1])


def _delete(call: Call) -> Obj:
    account, gone = call.world.find("account", call.id), _found(call)
    if gone["default_for_currency"]:
        raise Refusal("You cannot delete the default external account for your default currency.")
    listed = inner_of(account, "external_accounts")
    listed["data"] = [one for one in mine(account) if one["id"] != gone["id"]]
    del call.world.kept(text_of(gone, "object"))[text_of(gone, "id")]
    call.world.of(call.id).emit("account.external_account.deleted", gone)
    return {"id": gone["id"], "object": gone["object"], "deleted": True}


def _list(call: Call) -> Obj:
    return list_of(
        mine(call.world.find("account", call.id)),
        call.params,
        f"/v1/accounts/{call.id}/external_accounts",
        "object",
    )


_PATH = "/v1/accounts/{id}/external_accounts"

ROUTES: Routes = (
    post(
        _PATH, AccountExternalAccountCreateParams, _create, "external_account default_for_currency metadata"
    ),
    get(_PATH, AccountExternalAccountListParams, _list, PAGE + " object"),
    get(_PATH + "/{one}", AccountExternalAccountRetrieveParams, _found),
    delete(_PATH + "/{one}", AccountExternalAccountDeleteParams, _delete),
)
