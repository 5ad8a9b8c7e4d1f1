"""Connected accounts: made onboarded, because nobody is there to fill in Stripe's forms."""

from stripe.params import (
    AccountCreateParams,
    AccountDeleteParams,
    AccountLinkCreateParams,
    AccountListParams,
    AccountLoginLinkCreateParams,
    AccountRetrieveParams,
    AccountUpdateParams,
)

from local.stripe_sim.errors import Refusal
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, delete, get, post
from local.stripe_sim.shapes import Json, Obj, inner_of
from local.stripe_sim.world import created_metadata, new_id, updated

_PLAIN = frozenset({"business_type", "email"})
_LINK_SECONDS = 300


def _create(call: Call) -> Obj:
    params, world = call.params, call.world
    kind = params.maybe_text("type") or "none"
    if kind != "express" and "controller" not in params:
        raise Refusal("The simulator has express accounts only.", param="type")
    account_id = new_id("acct")[:21]
    capabilities = params.inner("capabilities").values or {"transfers": {"requested": True}}
    account: Obj = {
        "id": account_id,
        "object": "account",
        "business_profile": None,
        "business_type": None,
        "capabilities": _active(capabilities),
        "charges_enabled": True,
        "controller": {
            "fees": {"payer": "application_express"},
            "is_controller": True,
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "express"},
            "type": "application",
        },
        "country": params.maybe_text("country") or "US",
        "created": world.timestamp(),
        "default_currency": params.maybe_text("default_currency") or "usd",
        "details_submitted": True,
        "email": None,
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{account_id}/external_accounts",
        },
        "future_requirements": _requirements(),
        "metadata": created_metadata(params),
        "payouts_enabled": True,
        "requirements": _requirements(),
        "settings": None,
        "tos_acceptance": {"date": world.timestamp()},
        "type": "express",
    }
    account |= updated(account, params, _PLAIN)
    world.emit("account.updated", world.keep(account), None)
    return account


def _active(requested: Obj) -> Obj:
    return {
        name: "active" for name, wish in requested.items() if isinstance(wish, dict) and wish.get("requested")
    }


def _requirements() -> Obj:
    lists: tuple[str, ...] = ("currently_due", "eventually_due", "past_due", "pending_verification")
    empty: dict[str, Json] = {name: [] for name in (*lists, "alternatives", "errors")}
    return {"current_deadline": None, "disabled_reason": None} | empty


def _retrieve(call: Call) -> Obj:
    return call.world.find("account", call.id)


def _update(call: Call) -> Obj:
    account = call.world.find("account", call.id)
    changes = updated(account, call.params, _PLAIN)
    if "capabilities" in call.params:
        granted = _active(call.params.inner("capabilities").values)
        changes["capabilities"] = inner_of(account, "capabilities") | granted
    return call.world.change("account.updated", account, **changes)


def _delete(call: Call) -> Obj:
    call.world.find("account", call.id)
    del call.world.kept("account")[call.id]
    return {"id": call.id, "object": "account", "deleted": True}


def _list(call: Call) -> Obj:
    return list_of(call.world.kept("account").values(), call.params, "/v1/accounts")


def _link(call: Call) -> Obj:
    account = call.world.find("account", call.params.text("account"), "account")
    for name in ("refresh_url", "return_url"):
        if "://" not in (call.params.maybe_text(name) or ""):
            raise Refusal(f"{name} must be a URL", code="url_invalid", param=name)
    now = call.world.timestamp()
    return {
        "object": "account_link",
        "created": now,
        "expires_at": now + _LINK_SECONDS,
        "url": f"https://connect.stripe.com/setup/e/{account['id']}/{new_id('x')[-12:]}",
    }


def _login_link(call: Call) -> Obj:
    account = call.world.find("account", call.id)
    if not account["details_submitted"]:
        raise Refusal("Cannot create a login link for an account that has not completed onboarding.")
    return {
        "object": "login_link",
        "created": call.world.timestamp(),
        "url": f"https://connect.stripe.com/express/{account['id']}/{new_id('x')[-12:]}",
    }


_DOES = f"capabilities metadata {' '.join(_PLAIN)}"

ROUTES: Routes = (
    post("/v1/accounts", AccountCreateParams, _create, _DOES + " type controller country default_currency"),
    get("/v1/accounts", AccountListParams, _list, PAGING),
    get("/v1/accounts/{id}", AccountRetrieveParams, _retrieve),
    post("/v1/accounts/{id}", AccountUpdateParams, _update, _DOES),
    delete("/v1/accounts/{id}", AccountDeleteParams, _delete),
    post(
        "/v1/account_links",
        AccountLinkCreateParams,
        _link,
        "account refresh_url return_url type collection_options",
    ),
    post("/v1/accounts/{id}/login_links", AccountLoginLinkCreateParams, _login_link),
)
