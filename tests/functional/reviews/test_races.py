"""Reviews in every order in which what several do at once can reach the tables: each counts once, or not at all."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from callsheet.bookings.model import BookingView
from callsheet.catalogue.model import Rating
from callsheet.catalogue.store import RatingItem
from callsheet.kernel.principal import Principal, system
from callsheet.platform.records import EventItem
from callsheet.reviews.errors import AlreadyReviewed
from callsheet.reviews.hide_review import hide_review
from callsheet.reviews.model import Exchange, HideReview, ReportReason, Review
from callsheet.reviews.reveal_reviews import Revealed, reveal_reviews
from callsheet.reviews.store import ExchangeItem, ReviewItem
from tests.support.reviews import completed, rating, reviews_deps, say
from tests.support.stage import Stage
from tests.support.turns import orders, played

STARS = 4


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


def forget(stage: Stage, bookings: Sequence[BookingView]) -> None:
    """Nobody has said anything of these."""
    for booking in bookings:
        for said in (said for said in (exchange(booking).by_client, exchange(booking).by_provider) if said):
            for item in ReviewItem.query(said.id):
                item.delete()
        ExchangeItem(booking.id, "EXCHANGE").delete()
    RatingItem(stage.pavel.profile_id, "RATING").delete()


def exchange(booking: BookingView) -> Exchange:
    return ExchangeItem.get(booking.id, "EXCHANGE").document


def shown(booking: BookingView) -> list[Review]:
    """What was revealed of a booking, once for each event that tells of it."""
    ids = [said.id for said in (exchange(booking).by_client, exchange(booking).by_provider) if said]
    facts = [(one, item.document.name) for one in ids for item in EventItem.query(one)]
    revealed = [one for one, name in facts if name == "review.revealed"]
    assert [one for one, name in facts if name == "review.written"] == ids
    return [ReviewItem.get(one, "REVIEW").document for one in revealed]


def writes(stage: Stage, booking: BookingView, by: Principal, stars: int = STARS) -> Callable[[], object]:
    return lambda: say(stage, booking, by, stars)


def reveals(stage: Stage, booking: BookingView) -> Callable[[], object]:
    return lambda: reveal_reviews(booking.id, system("test"), reviews_deps(stage))


def test_both_sides_at_once_are_revealed_together_and_count_once(stage: Stage) -> None:
    booking = completed(stage)
    for order in orders(2, 2):
        ended = played(
            order, writes(stage, booking, stage.carla), writes(stage, booking, stage.pavel.user, 5)
        )
        assert ended == [None, None], order
        assert sorted(review.stars for review in shown(booking)) == [STARS, 5], order
        assert rating(stage) == Rating(reviews=1, stars=STARS, average=STARS), order
        forget(stage, [booking])


def test_who_writes_twice_at_once_has_written_once(stage: Stage) -> None:
    booking = completed(stage)
    for order in orders(2, 2):
        ended = played(
            order, writes(stage, booking, stage.carla), writes(stage, booking, stage.carla, STARS + 1)
        )
        assert [type(error) for error in ended if error] == [AlreadyReviewed], order
        assert shown(booking) == []
        assert say(stage, booking, stage.pavel.user).theirs is not None
        assert rating(stage).reviews == 1, order
        forget(stage, [booking])


@pytest.mark.parametrize("is_answered", [True, False], ids=["and the second side", "twice"])
def test_a_deadline_and_who_comes_at_the_same_time_count_once(stage: Stage, is_answered: bool) -> None:
    booking = completed(stage)
    other = writes(stage, booking, stage.pavel.user) if is_answered else reveals(stage, booking)
    for order in orders(2, 2):
        say(stage, booking, stage.carla, STARS)
        stage.clock.moment += timedelta(days=14)
        ended = played(order, reveals(stage, booking), other)
        stage.clock.moment -= timedelta(days=14)
        assert ended == [None, None], order
        by = ["client", "provider"] if is_answered else ["client"]
        assert sorted(review.by for review in shown(booking)) == by, order
        assert rating(stage) == Rating(reviews=1, stars=STARS, average=STARS), order
        forget(stage, [booking])


@pytest.mark.parametrize("is_answered", [True, False], ids=["while the other side answers", "twice at once"])
def test_what_support_hides_stays_hidden_and_is_counted_out_once(stage: Stage, is_answered: bool) -> None:
    booking = completed(stage)
    hiding = HideReview(reason=ReportReason.UNTRUE)
    for order in orders(3, 2 if is_answered else 3):
        say(stage, booking, stage.carla)
        stage.clock.moment += timedelta(days=14)
        reveals(stage, booking)()
        stage.clock.moment -= timedelta(days=14)
        said = exchange(booking).by_client
        assert said is not None

        def hides(review_id: str = said.id) -> object:
            return hide_review(review_id, hiding, stage.adele, reviews_deps(stage))

        other = writes(stage, booking, stage.pavel.user) if is_answered else hides
        assert played(order, hides, other) == [None, None], order
        hidden = exchange(booking).by_client
        assert hidden is not None
        assert hidden.is_hidden
        left = [review.by for review in shown(booking) if review.hiding is None]
        assert left == (["provider"] if is_answered else []), order
        assert rating(stage) == Rating(), order
        forget(stage, [booking])


def test_reviews_of_several_bookings_at_once_all_count(stage: Stage) -> None:
    bookings = [completed(stage) for _ in range(2)]
    for order in orders(2, 2):
        for stars, booking in enumerate(bookings, start=1):
            say(stage, booking, stage.carla, stars)
        ended = played(order, *(writes(stage, booking, stage.pavel.user) for booking in bookings))
        assert ended == [None, None], order
        assert rating(stage) == Rating(reviews=2, stars=3, average=1.5), order
        forget(stage, bookings)


@pytest.mark.parametrize(
    ("microseconds", "came"), [(-1, Revealed.EARLY), (0, Revealed.DONE), (1, Revealed.DONE)]
)
def test_two_weeks_are_over_to_the_moment(stage: Stage, microseconds: int, came: Revealed) -> None:
    booking = completed(stage)
    say(stage, booking, stage.carla)
    stage.clock.moment += timedelta(days=14, microseconds=microseconds)
    assert reveals(stage, booking)() is came
    assert rating(stage).reviews == int(came is Revealed.DONE)


@pytest.mark.parametrize(("microseconds", "is_late"), [(-1, False), (0, True)])
def test_sixty_days_are_over_to_the_moment(stage: Stage, microseconds: int, is_late: bool) -> None:
    booking = completed(stage)
    stage.clock.moment += timedelta(days=60, microseconds=microseconds)
    (error,) = played((), writes(stage, booking, stage.carla))
    assert (error is not None) is is_late
    assert ExchangeItem.count(booking.id) == int(not is_late)
