"""Links to Stripe's hosted pages for connected accounts: the form, and the Express dashboard."""

from stripe.params import AccountLinkCreateParams, AccountLoginLinkCreateParams

from local.stripe_sim.accounts import account_of
from local.stripe_sim.errors import Refusal
from local.stripe_sim.routing import Call, Routes, post
from local.stripe_sim.shapes import Obj, inner_of
from local.stripe_sim.world import Link, new_id

_LINK_SECONDS = 300


def _link(call: Call) -> Obj:
    world, params = call.world, call.params
    account = world.find("account", params.text("account"), "account")
    for name in ("refresh_url", "return_url"):
        if "://" not in (params.maybe_text(name) or ""):
            raise Refusal(f"{name} must be a URL", code="url_invalid", param=name)
    is_collected_by_us = inner_of(account, "controller")["requirement_collection"] == "application"
    if params.text("type") == "account_update" and not is_collected_by_us:
        raise Refusal(
            "You cannot create account_update type account links for accounts that have a Stripe-hosted dashboard or "
            "for which Stripe collects requirements. Valid types are: account_onboarding.",
            param="type",
        )
    now, token = world.timestamp(), new_id("x")[-12:]
    world.links[token] = Link(
        account=str(account["id"]),
        return_url=params.text("return_url"),
        refresh_url=params.text("refresh_url"),
        expires_at=now + _LINK_SECONDS,
    )
    return {
        "object": "account_link",
        "created": now,
        "expires_at": now + _LINK_SECONDS,
        "url": f"{call.hosted_at}/setup/e/{account['id']}/{token}",
    }


def _login_link(call: Call) -> Obj:
    account = account_of(call)
    if account["type"] != "express":
        raise Refusal("Cannot create a login link for an account that has no Express Dashboard.")
    if not account["details_submitted"]:
        raise Refusal("Cannot create a login link for an account that has not completed onboarding.")
    return {
        "object": "login_link",
        "created": call.world.timestamp(),
        "url": f"{call.hosted_at}/express/{account['id']}/{new_id('x')[-12:]}",
    }


ROUTES: Routes = (
    post(
        "/v1/account_links",
        AccountLinkCreateParams,
        _link,
        "account collect collection_options refresh_url return_url type",
    ),
    post("/v1/accounts/{id}/login_links", AccountLoginLinkCreateParams, _login_link),
)
