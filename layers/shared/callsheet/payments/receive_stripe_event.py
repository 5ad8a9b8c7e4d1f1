"""A webhook of Stripe's: verified, kept, queued. What it means is decided by whoever reads the queue."""

from contextlib import suppress
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ValidationError

from callsheet.gateways.errors import InvalidSignature
from callsheet.gateways.stripe_signature import verify_signature
from callsheet.kernel.errors import Conflict, InvalidRequest
from callsheet.kernel.models import FROZEN
from callsheet.kernel.principal import Principal
from callsheet.payments.deps import PaymentsDeps
from callsheet.payments.stripe_events import StripeEvent, concern_of, event_item
from callsheet.platform.direct import direct_message, send_direct
from callsheet.platform.secrets import secret
from callsheet.platform.transaction import Transaction

QUEUE = "payments/apply_stripe_event"


class Received(BaseModel):
    """Stripe looks at the status alone."""

    model_config = FROZEN

    received: Literal[True] = True


class EventKept(Conflict):
    """The event has come before. Whether it was queued then nobody knows: it is queued again, and does no harm."""

    code, title = "event_kept", "This event has come before"


def receive_stripe_event(
    body: bytes, signature: str | None, caller: Principal, deps: PaymentsDeps
) -> Received:
    """Keep an event once and queue it each time it comes: a crash between the two heals with Stripe's next try.

    Raises InvalidSignature, and InvalidRequest for what is signed but no event.
    """
    now = deps.clock.now()
    _verify(body, signature, now)
    event = _event_in(body)
    txn = Transaction(caller, now)
    txn.create(event_item(event, body, now), EventKept())
    with suppress(EventKept):
        txn.commit()
    concern = concern_of(event)
    if concern.is_ours:
        payload = concern.model_dump(mode="json")
        send_direct(QUEUE, direct_message(event.id, f"stripe.{event.type}", payload, caller))
    return Received()


def _verify(body: bytes, signature: str | None, now: datetime) -> None:
    """Two endpoints at Stripe lead here, each with its secret: one hears of our account, one of connected ones."""
    secrets = secret("stripe_webhook")
    try:
        verify_signature(body, signature, secrets["webhook_secret"], now)
    except InvalidSignature:
        verify_signature(body, signature, secrets.get("connect_webhook_secret", ""), now)


def _event_in(body: bytes) -> StripeEvent:
    try:
        return StripeEvent.model_validate_json(body)
    except ValidationError as error:
        raise InvalidRequest("The body is not an event of Stripe's") from error
