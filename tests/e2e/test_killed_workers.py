"""A worker's process is killed between any two steps, over real sockets: all ends as if it had lived.

Each step that has an effect outside of the process, before and after: the process is stopped there, killed by its
number, and what it waited for let go. Then one mechanism alone is left to finish, and has to.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest

from callsheet.gateways.stripe_signature import sign
from local import aws, lambdas
from local.api import items, text
from local.programs.stripe import WEBHOOK_SECRET
from tests.e2e.cloud import Cloud
from tests.e2e.endings import Ending, ending
from tests.e2e.killing import TRANSACTION, Act, Killer, Point, Scene, killer, points
from tests.e2e.market import Market, Person, Stripe, an_offer

DAYS_AHEAD = 9
QUARTER = timedelta(minutes=15)
# Longer than a quiet payment is left alone (payments.rules.CHECK_AFTER).
SWEPT_AFTER_MINUTES = 3
# Longer than a request that was cut off is left alone (platform.once).
RESUMED_AFTER_SECONDS = 31
ACCEPTED_AFTER_HOURS = 49
CONSUMERS = ("payments/apply_stripe_event", "notifications/notify_parties")


def _book(scene: Scene) -> None:
    scene.booking_id = scene.market.book(scene.client, _offer(scene))


def _book_and_accept(scene: Scene) -> None:
    _book(scene)
    scene.market.step(scene.booking_id, "accept", scene.provider)


def _pay_with_a_form(scene: Scene) -> None:
    booking = scene.market.post("/v1/bookings", scene.client, _offer(scene, payment_method=None))
    scene.booking_id = text(booking, "id")
    stripe = Stripe(scene.market.cloud)
    stripe.confirm(text(booking, "payment", "client_secret"))
    (event,) = [
        event
        for event in items(stripe.get("/v1/events", limit="100"), "data")
        if text(event, "type") == "payment_intent.amount_capturable_updated"
        and text(event, "data", "object", "transfer_group") == scene.booking_id
    ]
    scene.event_id, scene.event = text(event, "id"), json.dumps(event).encode()


def _offer(scene: Scene, payment_method: str | None = "pm_card_visa") -> dict[str, object]:
    return an_offer(scene.provider, scene.starts_at, minutes=15, payment_method=payment_method)


def _create(scene: Scene) -> httpx.Response:
    return scene.market.try_post("/v1/bookings", scene.client, _offer(scene), scene.key)


def _accept(scene: Scene) -> httpx.Response:
    return scene.market.try_post(f"{scene.path}/accept", scene.provider, key=scene.key)


def _cancel(scene: Scene) -> httpx.Response:
    return scene.market.try_post(f"{scene.path}/cancel", scene.client, key=scene.key)


def _complete(scene: Scene) -> httpx.Response:
    return scene.market.try_post(f"{scene.path}/complete", scene.client, key=scene.key)


def _deliver(scene: Scene) -> None:
    """Stripe's own event, once, by our hand: its other events of the same payment stay away."""
    signature = sign(scene.event, WEBHOOK_SECRET, scene.market.now())
    headers = {"content-type": "application/json", "stripe-signature": signature}
    url = f"{scene.market.cloud.api_url}/v1/webhooks/stripe"
    httpx.post(url, content=scene.event, headers=headers, timeout=30, trust_env=False).raise_for_status()


CREATE = Act(
    name="create",
    function="bookings/create_booking",
    steps=(TRANSACTION, "POST /v1/customers", "POST /v1/payment_intents", TRANSACTION),
    arrange=lambda _: None,
    call=_create,
    undone=("pending", "requires_payment"),
    done=("pending", "authorized"),
)
ACCEPT = Act(
    name="accept",
    function="bookings/accept_booking",
    steps=(TRANSACTION, "POST /v1/payment_intents/{intent}/capture", TRANSACTION),
    arrange=_book,
    call=_accept,
    undone=("pending", "authorized"),
    done=("accepted", "captured"),
)
CANCEL_REQUEST = Act(
    name="cancel a request",
    function="bookings/cancel_booking",
    steps=(TRANSACTION, "POST /v1/payment_intents/{intent}/cancel", TRANSACTION),
    arrange=_book,
    call=_cancel,
    undone=("pending", "authorized"),
    done=("cancelled", "voided"),
)
CANCEL_ACCEPTED = Act(
    name="cancel after acceptance",
    function="bookings/cancel_booking",
    steps=(TRANSACTION, "POST /v1/refunds", TRANSACTION),
    arrange=_book_and_accept,
    call=_cancel,
    undone=("accepted", "captured"),
    done=("cancelled", "partially_refunded"),
)
COMPLETE = Act(
    name="complete",
    function="bookings/complete_booking",
    steps=(TRANSACTION,),
    arrange=_book_and_accept,
    call=_complete,
    undone=("accepted", "captured"),
    done=("completed", "captured"),
)
APPLY = Act(
    name="apply an event of Stripe's",
    function="payments/apply_stripe_event",
    steps=("GET /v1/payment_intents/{intent}", TRANSACTION, TRANSACTION),
    arrange=_pay_with_a_form,
    call=_deliver,
    undone=("pending", "requires_payment"),
    done=("pending", "authorized"),
    recorded_at=1,  # then the event is noted as consumed
)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """One booking that went undisturbed, and one a point at which a worker was killed."""

    market: Market
    act: Act
    example: Scene
    killed: dict[Point, Scene]
    since_ms: int
    known_intents: frozenset[str]

    def states(self) -> dict[Point, tuple[str, str] | None]:
        return {point: _states(scene) for point, scene in self.killed.items()}

    def ends(self, undone: Sequence[Point] = ()) -> None:
        """All but `undone` have ended as the example has, and nothing is left over.

        What is due at once (a transfer that is looked at) happens first; quiet payments are left alone for longer.
        """
        self.market.minutes_pass(1)
        done, left = self._ending(self.example), self.act.undone
        assert done.states == self.act.done
        for point, scene in self.killed.items():
            if point not in undone:
                assert self._ending(scene) == done, point
            else:
                assert _states(scene) == (None if self.act is CREATE else left), point
        self._nothing_is_left_over()

    def _ending(self, scene: Scene) -> Ending:
        return ending(self.market, scene.booking_id, scene.client, scene.provider)

    def _nothing_is_left_over(self) -> None:
        scenes = [scene for scene in (self.example, *self.killed.values()) if scene.booking_id]
        status = {scene.booking_id: self.market.states(scene.booking_id, scene.client)[0] for scene in scenes}
        held = {_slot(scene.starts_at) for scene in scenes if status[scene.booking_id] != "cancelled"}
        assert _taken(self.market, self.example.provider.id) == held, "calendar and bookings disagree"
        assert self.market.is_balanced()
        intents = Counter[str]()
        for intent in Stripe(self.market.cloud).intents():
            booking_id = text(intent, "transfer_group")
            if text(intent, "id") not in self.known_intents:
                intents[booking_id] += 1
                is_held = text(intent, "status") == "requires_capture"
                assert is_held == (status[booking_id] == "pending"), (
                    "money is held for nobody, or for nothing"
                )
        assert intents == Counter(status.keys())
        for consumer in CONSUMERS:
            told = self.market.consumed(consumer, self.since_ms)
            done = Counter(event for event, outcome in told if outcome == "done")
            assert set(done.values()) <= {1}, "an event was consumed more than once"


@pytest.fixture(scope="module")
def market(cloud: Cloud) -> Market:
    return Market(cloud)


@pytest.fixture
def provider(market: Market) -> Person:
    """Known to Stripe before its webhooks stay away: who cannot be paid cannot accept."""
    return market.provider()


def named(act: Act) -> str:
    return act.name


@pytest.mark.parametrize("act", [CREATE, ACCEPT, CANCEL_REQUEST, CANCEL_ACCEPTED], ids=named)
def test_the_sweeper_finishes_what_was_begun(provider: Person, market: Market, act: Act) -> None:
    """Webhooks stay away and nobody asks again: without the watch on quiet payments nothing would be finished."""
    with _webhooks(market, "drop"):
        aftermath = _killed_everywhere(provider, market, act)
        market.minutes_pass(SWEPT_AFTER_MINUTES)
        aftermath.ends(undone=[point for point in aftermath.killed if not point.has_begun])


@pytest.mark.parametrize("act", [ACCEPT, CANCEL_REQUEST, CANCEL_ACCEPTED, CREATE], ids=named)
def test_a_webhook_finishes_what_stripe_has_done(provider: Person, market: Market, act: Act) -> None:
    """The clock stands still and nobody asks again: without the webhook's worker nothing would be finished."""
    with _webhooks(market, "hold"):
        near = [point for point in _points(act) if point.at >= act.asked.at]
        aftermath = _killed_everywhere(provider, market, act, near)
        market.cloud.stripe.flush_webhooks()
        market.settle()
    finished = {point for point, states in aftermath.states().items() if states == act.done}
    assert finished == {point for point in aftermath.killed if point >= act.asked}
    market.minutes_pass(SWEPT_AFTER_MINUTES)
    aftermath.ends()


@pytest.mark.parametrize("act", [CREATE, ACCEPT, CANCEL_REQUEST, CANCEL_ACCEPTED, COMPLETE], ids=named)
def test_whoever_asks_again_under_the_same_key_finds_it_done_or_has_it_done(
    provider: Person, market: Market, act: Act
) -> None:
    """Webhooks stay away and nothing is swept: without the key's record there would be two, or a refusal."""
    with _webhooks(market, "drop"):
        aftermath = _killed_everywhere(provider, market, act)
        if act is CREATE:
            market.time_passes_unseen(RESUMED_AFTER_SECONDS)
        for point, scene in aftermath.killed.items():
            answer = act.call(scene)
            assert answer is not None
            assert answer.is_success, (point, answer.text)
            assert (answer.json()["status"], answer.json()["payment"]["status"]) == act.done
            scene.booking_id = answer.json()["id"]
        aftermath.ends()


def test_silence_completes_what_a_killed_worker_did_not(provider: Person, market: Market) -> None:
    """Nobody asks again: without the acceptance window's deadline the provider would never be paid."""
    with _webhooks(market, "drop"):
        aftermath = _killed_everywhere(provider, market, COMPLETE)
        market.cloud.advance(ACCEPTED_AFTER_HOURS)
        aftermath.ends()


def test_the_queue_brings_a_message_again_whose_worker_was_killed(provider: Person, market: Market) -> None:
    """Stripe has had its 200 and nothing is swept: without the queue's second delivery the news would be lost."""
    with _webhooks(market, "drop"):
        aftermath = _killed_everywhere(provider, market, APPLY, points(APPLY))
        market.settle()
        assert set(aftermath.states().values()) == {APPLY.done}
        aftermath.ends()
    consumed = Counter(outcome for _, outcome in market.consumed(APPLY.function, aftermath.since_ms))
    assert consumed["done"] + consumed["duplicate"] >= len(aftermath.killed)
    assert consumed["duplicate"] >= 1, "nobody knew the one whose worker died after the last step"


def _points(act: Act) -> Sequence[Point]:
    """Around Stripe's answer, where there is one: `KILLS=everywhere` says all. In process all are tried each time."""
    if os.environ.get("KILLS") == "everywhere" or all(step == TRANSACTION for step in act.steps):
        return points(act)
    return [point for point in points(act) if point.at == act.asked.at]


def _killed_everywhere(provider: Person, market: Market, act: Act, where: Sequence[Point] = ()) -> Aftermath:
    """Act on a booking a point, and kill whoever works on it there; at every point, unless `where` says less."""
    where = where or _points(act)
    market.minutes_pass(SWEPT_AFTER_MINUTES)  # what others have left is looked at now, and not in between
    first = _first_start(market, act)
    example, *scenes = (
        Scene(market, market.client(), provider, first + QUARTER * place) for place in range(len(where) + 1)
    )
    since_ms = lambdas.now_ms()
    known = frozenset(text(intent, "id") for intent in Stripe(market.cloud).intents())
    for scene in (example, *scenes):
        act.arrange(scene)
    if act is COMPLETE:
        market.minutes_pass(int((scenes[-1].starts_at + 2 * QUARTER - market.now()) / timedelta(minutes=1)))
    market.cloud.stripe.flush_webhooks()
    market.settle()
    killed = dict(zip(where, scenes, strict=True))
    with killer(market, act) as deadly:
        _undisturbed(deadly, example)
        for point, scene in killed.items():
            _killed(deadly, point, scene)
    return Aftermath(market, act, example, killed, since_ms, known)


def _undisturbed(deadly: Killer, scene: Scene) -> None:
    """These are all steps there are: with a new one this fails, until it is in the act's list."""
    steps = deadly.undisturbed(scene)
    scene.booking_id = scene.booking_id or _booked(scene)
    assert steps == deadly.expected(scene)


def _killed(deadly: Killer, point: Point, scene: Scene) -> None:
    answer = deadly.kill_at(point, scene)
    if deadly.act is not APPLY:
        assert answer is not None
        assert (answer.status_code, answer.json()["errorMessage"]) == (502, "Worker process died"), point
    scene.booking_id = scene.booking_id or _booked(scene)
    assert (_states(scene) == deadly.act.done) == (point >= deadly.act.recorded), point


def _states(scene: Scene) -> tuple[str, str] | None:
    return scene.market.states(scene.booking_id, scene.client) if scene.booking_id else None


def _booked(scene: Scene) -> str:
    """What the client has asked for, if anything."""
    found = items(scene.market.get("/v1/bookings?party=client", scene.client))
    return text(found[0], "id") if found else ""


def _first_start(market: Market, act: Act) -> datetime:
    if act is not COMPLETE:
        return market.day(DAYS_AHEAD)
    now = market.now()
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + 2 * QUARTER


def _slot(start: datetime) -> tuple[str, int]:
    return f"{start:%Y-%m-%d}", (start.hour * 60 + start.minute) // 15


def _taken(market: Market, provider_id: str) -> set[tuple[str, int]]:
    """What the calendar itself says, also of days that are over."""
    pages = aws.client("dynamodb", market.cloud.stack.aws_endpoint).get_paginator("query")
    found = pages.paginate(
        TableName="callsheet-local-calendar",
        KeyConditionExpression="pk = :who AND begins_with(sk, :day)",
        ExpressionAttributeValues={":who": {"S": provider_id}, ":day": {"S": "DAY#"}},
    )
    return {
        (item["sk"]["S"].removeprefix("DAY#"), int(slot))
        for page in found
        for item in page["Items"]
        for slot in item.get("taken", {}).get("NS", [])
    }


@contextmanager
def _webhooks(market: Market, mode: str) -> Iterator[None]:
    market.settle()
    market.cloud.stripe.set_webhooks(mode=mode)
    try:
        yield
    finally:
        market.cloud.stripe.set_webhooks(mode="normal")
