"""The tables of reviews say what the use cases do: each step leads where its row says, and no other leads anywhere."""

from contextlib import suppress
from functools import partial
from itertools import product

import pytest

from callsheet.bookings.model import BookingView
from callsheet.kernel.errors import CallsheetError, IllegalTransition
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import system
from callsheet.platform.read import get_together
from callsheet.reviews.hide_review import hide_review
from callsheet.reviews.keep_review import keep_review
from callsheet.reviews.list_reported_reviews import list_reported_reviews
from callsheet.reviews.model import HideReview, ReportReason, ReportReview
from callsheet.reviews.report_review import report_review
from callsheet.reviews.reveal_reviews import reveal_reviews
from callsheet.reviews.rules import REVEAL_DEADLINE
from callsheet.reviews.states import (
    EXCHANGE,
    REVIEW,
    ExchangeAction,
    ExchangeState,
    ReviewAction,
    ReviewState,
    state_of,
    state_of_review,
)
from callsheet.reviews.store import exchange_from, exchange_key, stored_review
from tests.support.reviews import completed, reviews_deps, say
from tests.support.stage import Stage, due_items

# The client writes first, wherever anybody has written.
STEPS = {
    "client writes": (ExchangeAction.WRITE, "client"),
    "provider writes": (ExchangeAction.WRITE, "other side"),
    "two weeks pass": (ExchangeAction.REVEAL, "system"),
}
WAYS = {
    ExchangeState.OPEN: (),
    ExchangeState.SEALED: ("client writes",),
    ExchangeState.REVEALED: ("client writes", "two weeks pass"),
    ExchangeState.ANSWERED: ("client writes", "provider writes"),
}


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


def act(stage: Stage, booking: BookingView, step: str) -> None:
    """Refused or not: what came of it is for the caller to see."""
    with suppress(CallsheetError):
        match step:
            case "client writes":
                say(stage, booking, stage.carla, 4)
            case "provider writes":
                say(stage, booking, stage.pavel.user, 4)
            case _:
                stage.advance(hours=24 * 14)
                reveal_reviews(booking.id, system("test"), reviews_deps(stage))


def state(booking: BookingView) -> ExchangeState:
    (item,) = get_together([exchange_key(booking.id)])
    stored = exchange_from(item)
    return state_of(stored.document if stored else None)


def leads_to(source: ExchangeState, step: str) -> ExchangeState:
    action, who = STEPS[step]
    try:
        if source is ExchangeState.OPEN and who == "other side":
            who = "provider"  # nobody is the other side yet
        return EXCHANGE.step(source, action, who).target
    except CallsheetError:
        return source


@pytest.mark.parametrize(("source", "step"), list(product(WAYS, STEPS)))
def test_an_exchange_goes_where_its_table_says_and_nowhere_else(
    stage: Stage, source: ExchangeState, step: str
) -> None:
    booking = completed(stage)
    for way in WAYS[source]:
        act(stage, booking, way)
    assert state(booking) is source
    act(stage, booking, step)
    assert state(booking) is leads_to(source, step)


def test_the_one_state_that_waits_has_a_deadline(stage: Stage) -> None:
    waiting = set(ExchangeState) - EXCHANGE.terminal
    assert waiting == {ExchangeState.SEALED}
    assert {row.deadline for row in EXCHANGE.transitions if row.target in waiting} == {REVEAL_DEADLINE}
    booking = completed(stage)
    act(stage, booking, "client writes")
    stage.clock.moment = stage.clock.moment.replace(year=stage.clock.moment.year + 1)
    due = [item.kind for item in due_items(stage.clock.now()) if item.subject == booking.id]
    assert REVEAL_DEADLINE in due


@pytest.mark.parametrize(("source", "action"), list(product(ReviewState, ReviewAction)))
def test_a_review_goes_where_its_table_says(stage: Stage, source: ReviewState, action: ReviewAction) -> None:
    booking = completed(stage)
    say(stage, booking, stage.pavel.user)
    written = say(stage, booking, stage.carla).mine
    assert written is not None
    moderate = partial(moderated, stage, written.id)
    for way in REVIEW_WAYS[source]:
        moderate(way)
    assert state_of_review(stored_review(written.id).document) is source
    try:
        target = REVIEW.step(
            source, action, "anybody signed in" if action is ReviewAction.REPORT else "support"
        ).target
    except IllegalTransition:
        target = source
    with suppress(CallsheetError):
        moderate(action)
    assert state_of_review(stored_review(written.id).document) is target
    waiting = list_reported_reviews(PageQuery(), reviews_deps(stage)).items
    assert bool(waiting) is (target is ReviewState.REPORTED), "who is to look sees what is to be looked at"


REVIEW_WAYS = {
    ReviewState.SHOWN: (),
    ReviewState.REPORTED: (ReviewAction.REPORT,),
    ReviewState.KEPT: (ReviewAction.REPORT, ReviewAction.KEEP),
    ReviewState.HIDDEN: (ReviewAction.REPORT, ReviewAction.HIDE),
}


def moderated(stage: Stage, review_id: str, action: ReviewAction) -> None:
    deps, reason = reviews_deps(stage), ReportReason.UNTRUE
    match action:
        case ReviewAction.REPORT:
            report_review(review_id, ReportReview(reason=reason), stage.carla, deps)
        case ReviewAction.KEEP:
            keep_review(review_id, stage.adele, deps)
        case ReviewAction.HIDE:
            hide_review(review_id, HideReview(reason=reason), stage.adele, deps)
