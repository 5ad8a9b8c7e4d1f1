"""Payout accounts of demo users and of tests' own people: set up through the API, the form filled in as they would."""

import time
from typing import Final

import httpx

from local.api import Api, Document, text
from local.say import say

_COUNTRY: Final = "US"
_APP: Final = "http://localhost:3000"  # where the stage `local` lets people come back to
_WEBHOOK_SECONDS, _LOOK_SECONDS = 30, 0.3


class NotOnboarded(RuntimeError):
    """The form is filled in, and still nobody can be paid."""


def onboard(api: Api, user: str) -> None:
    """Nothing where the user can be paid already. With a Stripe of one's own, the form is one's own to fill in."""
    answer = api.send("GET", "/v1/payout-account", user=user)
    if answer.is_success and answer.json()["can_be_paid"]:
        return
    body = {
        "country": _COUNTRY,
        "return_url": f"{_APP}/payouts",
        "refresh_url": f"{_APP}/payouts/again",
    }
    begun = api.call("POST", "/v1/payout-account", user=user, body=body)
    if _can_be_paid(begun, "account"):
        return
    if not api.stack.simulates_stripe:
        say(f"{user} cannot be paid until this form is filled in: {text(begun, 'link', 'url')}")
        return
    _fill_in(text(begun, "link", "url"))
    _wait(api, user)


def _fill_in(form: str) -> None:
    """What its owner does in a browser; the form then leads back to the app, which is nowhere here."""
    answer = httpx.post(form, timeout=10, trust_env=False, follow_redirects=False)
    if not answer.has_redirect_location:
        raise NotOnboarded(f"The form answers {answer.status_code}: {form}")


def _wait(api: Api, user: str) -> None:
    """Until the webhook has told us. Raises NotOnboarded."""
    until = time.monotonic() + _WEBHOOK_SECONDS
    while not _can_be_paid(account := api.call("GET", "/v1/payout-account", user=user)):
        if time.monotonic() > until:
            raise NotOnboarded(f"{user}: {account}")
        time.sleep(_LOOK_SECONDS)


def _can_be_paid(document: Document, *path: str) -> bool:
    return text(document, *path, "can_be_paid") == "True"
