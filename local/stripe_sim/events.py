"""Event objects, and Stripe's signature over them (Stripe, "Verify webhook signatures manually")."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from stripe import api_version
from stripe.params import EventListParams, EventRetrieveParams

from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGING, Call, Routes, get
from local.stripe_sim.shapes import Json, Obj, text_of
from local.stripe_sim.world import World, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The request that an event came of; None where time did it."""

    request_id: str | None = None
    idempotency_key: str | None = None


def event_of(world: World, kind: str, obj: Obj, before: Mapping[str, Json] | None, cause: Cause) -> Obj:
    """The event as it is kept and delivered: the object as it was at that moment."""
    content: Obj = {"object": deepcopy(obj)}
    if before:
        content["previous_attributes"] = dict(before)
    event: Obj = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": api_version,
        "created": world.timestamp(),
        "data": content,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": cause.request_id, "idempotency_key": cause.idempotency_key},
        "type": kind,
    }
    if world.account is not None:
        event["account"] = world.account
    return world.keep(event)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to an endpoint: the exact bytes."""

    event_id: str
    type: str
    payload: bytes

    def headers(self, secret: str, at: int) -> dict[str, str]:
        """What Stripe sends with it; the signature is of the moment of sending, `at` in seconds."""
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature(self.payload, secret, at),
        }


def signature(payload: bytes, secret: str, at: int) -> str:
    signed = f"{at}.".encode() + payload
    return f"t={at},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def delivery_of(event: Obj) -> Delivery:
    return Delivery(text_of(event, "id"), text_of(event, "type"), json.dumps(event, indent=2).encode())


def _retrieve(call: Call) -> Obj:
    return call.world.find("event", call.id)


def _list(call: Call) -> Obj:
    types = call.params.texts("types")
    kept = [event for event in call.world.kept("event").values() if not types or event["type"] in types]
    return list_of(kept, call.params, "/v1/events", "type")


ROUTES: Routes = (
    get("/v1/events", EventListParams, _list, PAGING + " type types", for_accounts=True),
    get("/v1/events/{id}", EventRetrieveParams, _retrieve, for_accounts=True),
)
