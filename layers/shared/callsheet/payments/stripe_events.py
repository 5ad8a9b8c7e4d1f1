"""Stripe's events: what of one Callsheet looks at, and the raw ones as they came, kept for 90 days."""

from datetime import datetime, timedelta

from pydantic import BaseModel
from pynamodb.attributes import UnicodeAttribute

from callsheet.kernel.access import AccessPath
from callsheet.kernel.models import FROZEN, STORED
from callsheet.platform.table import Table, utc_key

KEPT = timedelta(days=90)
_INTENT = "payment_intent"
_ACCOUNT = "account"
# Of what happens to connected accounts: the account itself, not what moves on it.
_ABOUT_ACCOUNTS = ("account.", "capability.")
_PAYOUT = "payout"


class EventObject(BaseModel):
    """The object an event is about. A charge has its intent's metadata; refunds and disputes name the intent alone.

    A capability names its account; an application that lost its access to one does not, but the event does.
    """

    model_config = STORED

    object: str = ""
    id: str = ""
    metadata: dict[str, str] | None = None
    payment_intent: str | None = None
    account: str | None = None


class EventContent(BaseModel):
    model_config = STORED

    object: EventObject = EventObject()


class StripeEvent(BaseModel):
    """An event as Stripe sends it; `data` is not there in events that only point at something."""

    model_config = STORED

    id: str
    type: str
    account: str | None = None  # the connected account it happened on
    data: EventContent = EventContent()


class Concern(BaseModel):
    """What to look at because of an event: a subject of ours, the intent that knows it, or an account, or a payout
    from one; if anything.
    """

    model_config = FROZEN

    type: str
    subject: str | None = None
    intent_id: str | None = None
    account_id: str | None = None
    payout_id: str | None = None

    @property
    def is_ours(self) -> bool:
        return any(about is not None for about in (self.subject, self.intent_id, self.account_id))


def concern_of(event: StripeEvent) -> Concern:
    """Which payment or account an event is about. What has happened to it is asked of Stripe, not of the event."""
    found = event.data.object
    if found.object == _PAYOUT:  # the platform's own, which happen on no account, are the close's
        payout_id = found.id if event.account else None
        return Concern(type=event.type, account_id=event.account, payout_id=payout_id)
    return Concern(
        type=event.type,
        subject=(found.metadata or {}).get("subject"),
        intent_id=found.id if found.object == _INTENT else found.payment_intent,
        account_id=_account_of(event) if event.type.startswith(_ABOUT_ACCOUNTS) else None,
    )


def _account_of(event: StripeEvent) -> str | None:
    found = event.data.object
    return event.account or (found.id if found.object == _ACCOUNT else found.account)


class StripeEventItem(Table):
    """One event, byte for byte as it was signed."""

    logical_name = "payments"
    type = UnicodeAttribute()
    received_at = UnicodeAttribute()
    body = UnicodeAttribute()


def event_item(event: StripeEvent, body: bytes, now: datetime) -> StripeEventItem:
    return StripeEventItem(
        f"STRIPE#{event.id}",
        "EVENT",
        type=event.type,
        received_at=utc_key(now),
        body=body.decode(),
        expires_at=int((now + KEPT).timestamp()),
    )


ACCESS_PATHS = (
    AccessPath(
        name="a Stripe event as it came",
        table="payments",
        keys="pk = STRIPE#<event id>, sk = EVENT",
        use_cases=("payments.receive_stripe_event",),
    ),
)
