"""Connected accounts, express and custom: nothing can be done for one until its owner, or the platform, has told all.

Express ones are told about in Stripe's hosted form (`hosted.py`, or the control plane); custom ones through the API.
"""

from stripe.params import (
    AccountCreateParams,
    AccountDeleteParams,
    AccountListParams,
    AccountRetrieveParams,
    AccountUpdateParams,
)

from local.stripe_sim import external_accounts
from local.stripe_sim.errors import Refusal, no_account
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, delete, get, post
from local.stripe_sim.shapes import Json, Obj, Params, inner_of, text_of
from local.stripe_sim.standing import Standing, no_requirements
from local.stripe_sim.world import World, created_metadata, new_id, updated

_PLAIN = frozenset({"business_type", "default_currency", "email"})
_TOLD = ("business_profile", "individual", "tos_acceptance")
_CONTROLLERS: dict[str, Obj] = {
    "express": {
        "fees": {"payer": "application_express"},
        "losses": {"payments": "application"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "express"},
    },
    "custom": {
        "fees": {"payer": "application_custom"},
        "losses": {"payments": "application"},
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
    },
}
_CURRENCIES = {"US": "usd", "GB": "gbp", "CA": "cad", "CH": "chf", "JP": "jpy", "AU": "aud", "SE": "sek"}


def _create(call: Call) -> Obj:
    params, world = call.params, call.world
    account_id = new_id("acct")[:21]
    kind, controller = _kind(params)
    country = params.maybe_text("country") or "US"
    standing = world.standings[account_id] = Standing()
    account: Obj = {
        "id": account_id,
        "object": "account",
        "business_profile": dict.fromkeys(("mcc", "name", "product_description", "support_email", "url")),
        "business_type": None,
        "controller": controller | {"is_controller": True, "type": "application"},
        "country": country,
        "created": world.timestamp(),
        "default_currency": _CURRENCIES.get(country, "eur"),
        "email": None,
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{account_id}/external_accounts",
        },
        "future_requirements": no_requirements(),
        "metadata": created_metadata(params),
        "settings": _settings(),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": kind,
    }
    _check_may_tell(account, params)
    world.keep(account)
    account |= _told(call, account)
    account |= standing.seen(world.timestamp())
    world.of(account_id).emit("account.updated", account)
    return account


def _kind(params: Params) -> tuple[str, Obj]:
    """The type, and the controller; a controller that is a known type's says that type (Stripe, "Controller")."""
    if "controller" not in params:
        kind = params.maybe_text("type") or "standard"
        if kind not in _CONTROLLERS:
            raise Refusal("The simulator has express and custom accounts only.", param="type")
        return kind, dict(_CONTROLLERS[kind])
    if "type" in params:
        raise Refusal(
            "You may only specify one of these parameters: type, controller.", code="parameters_exclusive"
        )
    given = params.inner("controller")
    dashboard = given.inner("stripe_dashboard").maybe_text("type") or "full"
    kind = {"express": "express", "none": "custom"}.get(dashboard, "standard")
    if kind not in _CONTROLLERS:
        raise Refusal("The simulator has express and custom accounts only.", param="controller")
    return kind, {
        **_CONTROLLERS[kind],
        **{name: value for name, value in given.values.items() if name != "fees"},
    }


def _settings() -> Obj:
    return {
        "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
        "card_payments": {"statement_descriptor_prefix": None},
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "payments": {"statement_descriptor": None},
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
    }


def _check_may_tell(account: Obj, params: Params) -> None:
    """Terms of service are accepted where the requirements are collected."""
    if "tos_acceptance" in params and inner_of(account, "controller")["requirement_collection"] == "stripe":
        raise Refusal(
            "You cannot accept the Terms of Service on behalf of accounts for which Stripe collects requirements.",
            param="tos_acceptance",
        )


def _told(call: Call, account: Obj) -> dict[str, Json]:
    """The plain attributes that a request sets; what it tells of the owner is no longer missing."""
    params, standing = call.params, call.world.standings[text_of(account, "id")]
    changes = updated(account, params, _PLAIN)
    given = [f"{name}.{part}" for name in _TOLD for part in _parts(params.inner(name).values)]
    standing.provide([*given, *(["business_type"] if params.maybe_text("business_type") else [])])
    for name in ("business_profile", "tos_acceptance"):
        if name in params:
            changes[name] = inner_of(account, name) | params.inner(name).values
    if "settings" in params:
        changes["settings"] = _set(inner_of(account, "settings"), params.inner("settings"))
    for name, wish in params.inner("capabilities").values.items():
        is_wanted = isinstance(wish, dict) and wish.get("requested") is True
        others = [one for one in standing.requested if one != name]
        standing.requested = [*others, name] if is_wanted else others
    if params.values.get("external_account"):
        external_accounts.add(call.world, account, params)
        standing.provide(["external_account"])
    return changes


def _parts(value: Obj) -> list[str]:
    found: list[str] = []
    for name, part in value.items():
        if isinstance(part, dict):
            found += [f"{name}.{inner}" for inner in _parts(part)]
        elif part != "":
            found.append(name)
    return found


def _set(settings: Obj, given: Params) -> Obj:
    """Settings of payouts are minded, the others kept."""
    changed = {name: {**inner_of(settings, name), **_inner(value)} for name, value in given.values.items()}
    payouts = given.inner("payouts")
    if "schedule" in payouts:
        schedule = inner_of(inner_of(settings, "payouts"), "schedule") | payouts.inner("schedule").values
        if schedule["delay_days"] == "minimum":
            schedule["delay_days"] = 2
        changed["payouts"]["schedule"] = schedule
    return settings | changed


def _inner(value: Json) -> Obj:
    return value if isinstance(value, dict) else {}


def changed(world: World, account: Obj, **also: Json) -> Obj:
    """Its standing has changed; tell what follows."""
    account_id = text_of(account, "id")
    seen = world.standings[account_id].seen(world.timestamp())
    return world.of(account_id).change("account.updated", account, **{**also, **seen})


def onboard(world: World, account: Obj, external_account: str = "btok_us_verified") -> Obj:
    """Its owner fills in all that Stripe wants to know, and a bank account where there is none."""
    standing = world.standings[text_of(account, "id")]
    if "external_account" in standing.missing:
        external_accounts.add(world, account, Params({"external_account": external_account}))
    standing.complete()
    accepted: Obj = {"date": world.timestamp(), "ip": "127.0.0.1", "user_agent": None}
    business_type = account["business_type"] or "individual"
    return changed(world, account, tos_acceptance=accepted, business_type=business_type)


def remind(world: World) -> None:
    """Deadlines pass: what was due is past due, and the account stops."""
    for account in world.kept("account").values():
        seen = world.standings[text_of(account, "id")].seen(world.timestamp())
        if any(account[name] != value for name, value in seen.items()):
            changed(world, account)


def account_of(call: Call) -> Obj:
    """The account of the path. Raises Refusal (403) where the platform has no such account."""
    found = call.world.kept("account").get(call.id)
    if found is None:
        raise no_account(call.id)
    return found


def _retrieve(call: Call) -> Obj:
    return account_of(call)


def _update(call: Call) -> Obj:
    account = account_of(call)
    _check_may_tell(account, call.params)
    return changed(call.world, account, **_told(call, account))


def _delete(call: Call) -> Obj:
    account = account_of(call)
    del call.world.kept("account")[call.id]
    call.world.of(call.id).emit(
        "account.application.deauthorized", {"id": account["id"], "object": "account"}
    )
    return {"id": call.id, "object": "account", "deleted": True}


def _list(call: Call) -> Obj:
    return list_of(call.world.kept("account").values(), call.params, "/v1/accounts")


_DOES = f"capabilities external_account metadata settings {' '.join((*_PLAIN, *_TOLD))}"

ROUTES: Routes = (
    post("/v1/accounts", AccountCreateParams, _create, _DOES + " type controller country"),
    get("/v1/accounts", AccountListParams, _list, PAGING),
    get("/v1/accounts/{id}", AccountRetrieveParams, _retrieve),
    post("/v1/accounts/{id}", AccountUpdateParams, _update, _DOES),
    delete("/v1/accounts/{id}", AccountDeleteParams, _delete),
)
