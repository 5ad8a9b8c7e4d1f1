"""An event of Stripe's has its effect: what it is about is moved to where Stripe says it is, once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from callsheet.gateways.errors import IntentNotFound
from callsheet.gateways.payments import PaymentGateway
from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.payments.deps import GatewayDeps
from callsheet.payments.stripe_events import Concern
from callsheet.platform.read import get_together
from callsheet.platform.records import InboxItem, inbox_item
from callsheet.platform.transaction import AlreadyConsumed, Transaction

CONSUMER = "payments.apply_stripe_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Converging:
    """Who moves what an event is about: `booking` takes a booking's id, `account` Stripe's id of an account.

    `payout` takes Stripe's ids of an account and of a payout from it.
    """

    booking: Callable[[str], None]
    account: Callable[[str], None]
    payout: Callable[[str, str], None]


def apply_stripe_event(
    event_id: str, concern: Concern, caller: Principal, deps: GatewayDeps, converge: Converging
) -> None:
    """Have what the event is about converge, then note that it was. AlreadyConsumed, without a call, the second time.

    A crash before the note repeats it, which changes nothing. Events of intents and accounts that are not ours, e.g. of
    another stage on the same account of the platform, have no effect.
    """
    now = deps.clock.now()
    inbox = inbox_item(CONSUMER, event_id, now)
    (consumed,) = get_together([(InboxItem, inbox.pk, inbox.sk)])
    if consumed is not None:
        raise AlreadyConsumed
    subject = concern.subject or _subject_of(concern.intent_id, deps.payments)
    if subject is not None and has_prefix(subject, "bkg"):
        with suppress(NotFound):
            converge.booking(subject)
    if concern.account_id is not None and concern.payout_id is not None:
        converge.payout(concern.account_id, concern.payout_id)
    elif concern.account_id is not None:
        converge.account(concern.account_id)
    txn = Transaction(caller, now)
    txn.consume(event_id, CONSUMER)
    txn.commit()


def _subject_of(intent_id: str | None, payments: PaymentGateway) -> str | None:
    """What an event's intent pays for; None where our key knows no such intent."""
    if intent_id is None:
        return None
    try:
        return payments.intent(intent_id).subject
    except IntentNotFound:
        return None
