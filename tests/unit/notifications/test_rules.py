"""Who is told of what; what is read of an event."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from callsheet.kernel.events import Actor
from callsheet.notifications.model import Heard, News, Told
from callsheet.notifications.rules import TOLD, told_of
from functions.notifications.routes import ROUTES

SAID_BY_SOME = {"amount", "amends", "proposed_by", "was_authorized"}
_FIXTURES = Path(__file__).parents[2] / "contract/fixtures/events"
_ULID = "01JAAAAAAAAAAAAAAAAAAAAAA"
CARLA, PAVEL, ADELE = f"usr_{_ULID}A", f"usr_{_ULID}B", f"usr_{_ULID}C"
SUBSCRIBED = next(row.events for row in ROUTES if row.name == "notify_parties")  # type: ignore[union-attr]  # a Worker


def who_is_told(heard: Heard) -> frozenset[str]:
    return told_of(heard).user_ids


def heard(name: str, by: str = "stripe", payload: Mapping[str, object] | None = None) -> Heard:
    envelope = {
        "event_id": f"evt_{_ULID}D",
        "name": name,
        "occurred_at": "2026-05-01T10:00:00Z",
        "actor": Actor(type="user", id=by),
        "payload": payload or {"booking_id": f"bkg_{_ULID}E", "client_id": CARLA, "provider_id": PAVEL},
    }
    return Heard.model_validate(envelope)


@pytest.mark.parametrize(
    ("name", "by", "told"),
    [
        ("booking.requested", CARLA, set()),
        ("booking.accepted", PAVEL, {CARLA}),
        ("booking.accepted", "stripe", {CARLA}),
        ("booking.cancelled", CARLA, {PAVEL}),
        ("booking.cancelled", PAVEL, {CARLA}),
        ("booking.cancelled", ADELE, {CARLA, PAVEL}),
        ("booking.cancelled", "bookings.apply_deadline", {CARLA, PAVEL}),
        ("amendment.proposed", CARLA, set()),
        ("amendment.proposed", PAVEL, {CARLA}),
        ("amendment.accepted", CARLA, {PAVEL}),
        ("amendment.accepted", "stripe", {CARLA, PAVEL}),
        ("amendment.cancelled", PAVEL, {CARLA}),
        ("amendment.cancelled", "amendments.follow_booking", {CARLA, PAVEL}),
        ("booking.ended", "bookings.apply_deadline", {CARLA}),
        ("booking.completed", CARLA, {PAVEL}),
        ("booking.completed", "bookings.apply_deadline", {PAVEL}),
        ("booking.problem_reported", CARLA, {PAVEL}),
        ("payment.failed", "stripe", {CARLA}),
        ("payment.failed", CARLA, {CARLA}),
        ("payment.refunded", CARLA, {CARLA}),
        ("payment.refunded", PAVEL, {CARLA}),
        ("dispute.opened", CARLA, {CARLA, PAVEL}),
        ("dispute.won", CARLA, {CARLA, PAVEL}),
        ("dispute.lost", CARLA, {CARLA, PAVEL}),
        ("receipt.issued", "documents.issue_receipt", {CARLA}),
    ],
)
def test_who_needs_to_know_is_told(name: str, by: str, told: set[str]) -> None:
    assert who_is_told(heard(name, by)) == told


def test_the_owner_of_a_payout_account_is_told_that_it_is_restricted() -> None:
    assert who_is_told(heard("payout_account.restricted", payload={"user_id": PAVEL})) == {PAVEL}


@pytest.mark.parametrize("name", ["payout.paid", "payout.failed"])
def test_a_provider_is_told_what_became_of_money_on_its_way_to_their_bank(name: str) -> None:
    assert who_is_told(heard(name, payload={"user_id": PAVEL})) == {PAVEL}


def test_a_provider_is_told_that_they_were_paid_for_a_booking_and_the_client_is_not() -> None:
    payload = {"booking_id": f"bkg_{_ULID}E", "provider_id": PAVEL}
    assert who_is_told(heard("transfer.paid", payload=payload)) == {PAVEL}


def test_a_client_is_told_of_credit() -> None:
    assert who_is_told(heard("wallet.credited", payload={"user_id": CARLA})) == {CARLA}


def said(by: str, *, is_answered: bool | None) -> dict[str, object]:
    about: dict[str, object] = {"review_id": f"rev_{_ULID}F", "booking_id": f"bkg_{_ULID}E", "by": by}
    if is_answered is not None:
        about |= {"client_id": CARLA, "provider_id": PAVEL, "is_answered": is_answered}
    return about


@pytest.mark.parametrize(
    ("name", "by", "is_answered", "told"),
    [
        ("review.written", "client", False, {PAVEL}),
        ("review.written", "provider", False, {CARLA}),
        ("review.written", "provider", True, set()),
        ("review.revealed", "client", True, {PAVEL}),
        ("review.revealed", "provider", True, {CARLA}),
        ("review.revealed", "client", False, {CARLA, PAVEL}),
        ("review.written", "client", None, set()),
        ("review.revealed", "client", None, set()),
    ],
)
def test_of_reviews_each_side_hears_once_that_one_waits_and_once_that_it_is_revealed(
    name: str, by: str, is_answered: bool | None, told: set[str]
) -> None:
    assert who_is_told(heard(name, by=ADELE, payload=said(by, is_answered=is_answered))) == told


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("payout_account.restricted", None),
        ("review.written", None),
        ("booking.accepted", said("client", is_answered=False)),
        ("booking.accepted", {"user_id": PAVEL}),
        ("booking.accepted", {"booking_id": f"bkg_{_ULID}E", "provider_id": PAVEL}),
        ("transfer.paid", {"user_id": PAVEL}),
    ],
)
def test_an_event_that_says_not_whom_it_concerns_is_not_understood(
    name: str, payload: dict[str, str] | None
) -> None:
    with pytest.raises(ValidationError):
        heard(name, payload=payload)


def test_the_consumer_subscribes_to_what_the_rules_know_and_to_nothing_else() -> None:
    assert sorted((*SUBSCRIBED, News.BOOKING_REQUESTED)) == sorted(News) == sorted(TOLD)


@pytest.mark.parametrize("name", SUBSCRIBED)
def test_what_the_contract_s_good_example_says_is_enough(name: str) -> None:
    examples = sorted((_FIXTURES / name).glob("v*/good*.json"))
    assert examples
    for example in examples:
        payload = json.loads(example.read_text())
        read = heard(name, payload=payload).payload
        assert type(read).model_fields.keys() - read.model_fields_set <= SAID_BY_SOME
        assert read.model_dump(exclude_unset=True) == {key: payload[key] for key in read.model_fields_set}


def test_an_event_that_nobody_is_told_of_is_not_understood() -> None:
    with pytest.raises(ValidationError):
        heard("booking.started")


@pytest.mark.parametrize(("minor", "told"), [(0, set()), (1, {CARLA})])
def test_a_refund_of_nothing_is_no_news(minor: int, told: set[str]) -> None:
    about: dict[str, object] = {"booking_id": f"bkg_{_ULID}E", "client_id": CARLA, "provider_id": PAVEL}
    about["amount"] = {"amount_minor": minor, "currency": "USD"}
    assert who_is_told(heard("payment.refunded", payload=about)) == told


AUTHORIZED: dict[str, object] = {
    "booking_id": f"bkg_{_ULID}E",
    "client_id": CARLA,
    "provider_id": PAVEL,
    "amends": None,
    "proposed_by": None,
}
ON_TOP = AUTHORIZED | {"amends": f"bkg_{_ULID}F"}


def test_a_provider_is_told_of_a_request_once_it_is_authorised() -> None:
    assert told_of(heard("payment.authorized", payload=AUTHORIZED)) == Told(
        frozenset({PAVEL}), News.BOOKING_REQUESTED, f"bkg_{_ULID}E"
    )


def test_what_a_client_proposes_on_top_is_told_once_it_is_authorised_and_of_the_booking_it_amends() -> None:
    payload = ON_TOP | {"proposed_by": "client"}
    assert told_of(heard("payment.authorized", payload=payload)) == Told(
        frozenset({PAVEL}), News.AMENDMENT_PROPOSED, f"bkg_{_ULID}F"
    )


def test_a_provider_is_not_told_of_their_own_proposal_when_the_client_pays_for_it() -> None:
    assert who_is_told(heard("payment.authorized", payload=ON_TOP | {"proposed_by": "provider"})) == set()


def test_a_payment_that_says_not_whether_it_amends_anything_was_told_as_a_request_before() -> None:
    said = {key: AUTHORIZED[key] for key in ("booking_id", "client_id", "provider_id")}
    assert who_is_told(heard("payment.authorized", payload=said)) == set()


@pytest.mark.parametrize(
    ("name", "was_authorized", "proposed_by", "told"),
    [
        ("booking.cancelled", False, None, {CARLA}),
        ("booking.cancelled", True, None, {CARLA, PAVEL}),
        ("booking.cancelled", None, None, {CARLA, PAVEL}),
        ("amendment.cancelled", False, "client", {CARLA}),
        ("amendment.cancelled", True, "client", {CARLA, PAVEL}),
        ("amendment.cancelled", False, "provider", {CARLA, PAVEL}),
    ],
)
def test_a_provider_does_not_hear_the_end_of_what_they_never_heard_of(
    name: str, was_authorized: bool | None, proposed_by: str | None, told: set[str]
) -> None:
    said = AUTHORIZED | {"was_authorized": was_authorized, "proposed_by": proposed_by}
    assert who_is_told(heard(name, by="bookings.apply_deadline", payload=said)) == told
