"""Stripe's hosted pages, as small as they can be: the form of a connected account, and the Express dashboard.

A person opens the form in a browser and submits it; a test posts to its address. Either way the account is onboarded
and the answer leads back to `return_url`. A link that is used up or too old leads to `refresh_url`, as at Stripe.
"""

from html import escape
from urllib.parse import parse_qs

from local.stripe_sim.accounts import onboard
from local.stripe_sim.errors import Refusal
from local.stripe_sim.external_accounts import BANK_TOKENS
from local.stripe_sim.shapes import Obj, inner_of
from local.stripe_sim.world import World

PREFIXES = ("/setup/", "/express/")

type HttpAnswer = tuple[int, dict[str, str], bytes]


def answered(world: World, method: str, path: str, body: bytes) -> HttpAnswer:
    page, token = path.split("/")[1], path.rsplit("/", 1)[-1]
    account_id = next((part for part in path.split("/") if part.startswith("acct_")), "")
    account = world.kept("account").get(account_id)
    if account is None:
        return _page(404, "<h1>There is nothing here</h1>")
    if page == "express":
        return _page(200, _dashboard(account))
    link = world.links.get(token)
    if link is None or link.account != account_id:
        return _page(404, "<h1>There is nothing here</h1>")
    if link.is_used or link.expires_at <= world.timestamp():
        return _redirect(link.refresh_url)
    if method != "POST":
        return _page(200, _form(account))
    given = parse_qs(body.decode(errors="replace"))
    if "later" in given:
        link.is_used = True
        return _redirect(link.return_url)
    try:
        onboard(world, account, given.get("external_account", ["btok_us_verified"])[0])
    except Refusal as refusal:
        return _page(400, f"<h1>{escape(str(refusal))}</h1>")
    link.is_used = True
    return _redirect(link.return_url)


def _redirect(url: str) -> HttpAnswer:
    return 303, {"Location": url}, b""


def _page(status: int, content: str) -> HttpAnswer:
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Stripe simulator</title>'
    return (
        status,
        {"Content-Type": "text/html; charset=utf-8"},
        f"{head}<body>{content}</body></html>".encode(),
    )


def _form(account: Obj) -> str:
    due = inner_of(account, "requirements")["currently_due"]
    wanted = "".join(f"<li>{escape(str(name))}</li>" for name in (due if isinstance(due, list) else []))
    banks = "".join(f"<option>{escape(token)}</option>" for token in BANK_TOKENS)
    return (
        f"<h1>Set up {escape(str(account['id']))}</h1><p>Stripe would ask for:</p><ul>{wanted}</ul>"
        f'<form method="post"><label>Bank account <select name="external_account">{banks}</select></label> '
        '<button>Tell all of it</button> <button name="later" value="1">Not now</button></form>'
    )


def _dashboard(account: Obj) -> str:
    return f"<h1>{escape(str(account['id']))}</h1><p>Payouts enabled: {escape(str(account['payouts_enabled']))}</p>"
