"""What must hold of a stage after every step, whatever failed in between (product.md, "Never")."""

from collections import Counter
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from callsheet.bookings.model import Booking
from callsheet.bookings.rules import BookingStatus
from callsheet.bookings.spans import slots_of
from callsheet.bookings.store import BookingItem
from callsheet.calendar.days import DayItem
from callsheet.gateways.payments import IntentStatus
from callsheet.ledger.accounts import DISPUTED, STRIPE_CASH
from callsheet.ledger.balancing import agrees
from callsheet.ledger.rules import Account
from callsheet.ledger.store import BalanceItem
from callsheet.payments.disputes import DisputeItem
from callsheet.payments.model import Payment
from callsheet.payments.store import PaymentItem
from callsheet.platform.records import EventItem
from callsheet.platform.table import Table
from tests.support.cloud import ENVIRONMENT, REGION
from tests.support.stage import Stage

_TELL_ONCE = frozenset(
    {"booking.requested", "booking.accepted", "booking.completed", "booking.cancelled", "payment.captured"}
)


def check_always(stage: Stage) -> None:
    """Calendar and state agree, no slot is sold twice, nothing is captured unaccepted, the ledger balances."""
    bookings, payments = all_bookings(), all_payments()
    _calendar_is_what_bookings_hold(bookings)
    _captured_is_accepted_or_given_back(stage, bookings, payments)
    _ledger_is_balanced()
    _facts_are_told_once()


def check_at_rest(stage: Stage) -> None:
    """The same, and nothing is left over: no ask in flight, no money held for what is over, cash as Stripe has it."""
    check_always(stage)
    payments = all_payments()
    for booking in all_bookings().values():
        payment = payments[booking.id]
        assert payment.in_flight is None, (booking, payment)
        if booking.status is BookingStatus.CANCELLED and payment.intent_id is not None:
            held = stage.intents[payment.intent_id].status
            assert held in {IntentStatus.CANCELED, IntentStatus.SUCCEEDED}, (booking, payment)
    known = {payment.intent_id for payment in payments.values()}
    assert set(stage.intents) <= known, "an intent nobody knows"
    assert sum_of(STRIPE_CASH) == stage.cash_minor()
    assert sum_of(DISPUTED) == _taken_minor(), "what banks hold is not what open disputes have taken"


def all_bookings() -> dict[str, Booking]:
    return {item.pk: item.document for item in everything(BookingItem, "BOOKING")}


def all_payments() -> dict[str, Payment]:
    return {item.pk: item.document for item in everything(PaymentItem, "PAYMENT")}


def everything[T: Table](kind: type[T], sort: str) -> list[T]:
    """All items of one kind, from moto's own memory: a scan on the wire takes thirty times as long."""
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[
        ENVIRONMENT[f"TABLE_{kind.logical_name.upper()}"]
    ]
    raw = [{name: _plain(value) for name, value in item.attrs.items()} for item in table.all_items()]
    return [kind.from_raw_data(one) for one in raw if one["sk"]["S"].startswith(sort)]


def _plain(value: DynamoType) -> dict[str, Any]:
    """A value as DynamoDB writes it."""
    match value.type:
        case "M":
            return {"M": {name: _plain(part) for name, part in value.value.items()}}
        case "L":
            return {"L": [_plain(part) for part in value.value]}
        case _:
            return {value.type: value.value}


def _calendar_is_what_bookings_hold(bookings: dict[str, Booking]) -> None:
    held: Counter[tuple[str, str, int]] = Counter()
    for booking in bookings.values():
        if booking.status is not BookingStatus.CANCELLED:
            for day, slots in slots_of(booking).items():
                held.update((booking.provider_id, day, slot) for slot in slots)
    assert not [slot for slot, times in held.items() if times > 1], "two bookings on one slot"
    taken = {
        (item.pk, item.sk.removeprefix("DAY#"), slot)
        for item in everything(DayItem, "DAY#")
        for slot in item.taken or ()
    }
    assert taken == set(held), "calendar and bookings disagree"


def _captured_is_accepted_or_given_back(
    stage: Stage, bookings: dict[str, Booking], payments: dict[str, Payment]
) -> None:
    intents = stage.intents
    for payment in payments.values():
        intent = intents.get(payment.intent_id or "")
        if intent is None or intent.status is not IntentStatus.SUCCEEDED:
            continue
        booking = bookings[payment.subject]
        is_accepting = payment.in_flight is not None
        was_accepted = booking.accepted_at is not None
        assert was_accepted or is_accepting or intent.refunded_minor == intent.amount.amount_minor, booking


def balances() -> dict[Account, int]:
    """What stands on each account, all shards together; positive where debits prevail."""
    sums: Counter[Account] = Counter()
    for item in everything(BalanceItem, ""):
        if item.pk.startswith("BALANCE#"):
            name, _, currency = item.sk.rpartition("#")
            sums[Account(name, currency)] += item.balance
    return dict(sums)


def _ledger_is_balanced() -> None:
    kept = balances()
    assert agrees(kept)
    for account, minor in kept.items():
        if account.name.endswith(":payable") or account.name.startswith(("platform:", "tax:")):
            assert minor <= 0, f"{account.name} is negative"


def sum_of(account: str) -> int:
    """What stands on an account; positive where debits prevail."""
    return sum(minor for name, minor in balances().items() if name.name == account)


def _taken_minor() -> int:
    disputes = [item.document for item in everything(DisputeItem, "DISPUTE#")]
    return sum(one.withdrawn.amount_minor for one in disputes if one.is_open and one.withdrawn)


def _facts_are_told_once() -> None:
    told = Counter((item.pk, item.document.name) for item in everything(EventItem, ""))
    twice = {fact: times for fact, times in told.items() if times > 1 and fact[1] in _TELL_ONCE}
    assert not twice, twice
