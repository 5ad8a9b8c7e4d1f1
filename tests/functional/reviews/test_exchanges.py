"""Both sides of a booking review each other: once, sealed until both have or two weeks have passed, counted once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from callsheet.bookings.model import BookingView
from callsheet.bookings.rules import BookingStatus
from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.model import CreateProfile, Rating
from callsheet.catalogue.publish_profile import publish_profile
from callsheet.catalogue.selling import CreateService
from callsheet.kernel.errors import CallsheetError, NotFound
from callsheet.kernel.principal import RequestKey, Role, system
from callsheet.platform.records import EventItem
from callsheet.reviews.errors import AlreadyReviewed, NotReviewable, ReviewWindowClosed
from callsheet.reviews.get_exchange import get_exchange
from callsheet.reviews.hide_review import hide_review
from callsheet.reviews.model import ExchangeView, HideReview, ReportReason, WriteReview
from callsheet.reviews.reveal_reviews import Revealed, reveal_reviews
from callsheet.reviews.store import ReviewItem
from callsheet.reviews.write_review import write_review
from tests.support.calls import calls
from tests.support.crashes import Died, Steps
from tests.support.profiles import SESSION, filled
from tests.support.reviews import completed, rating, read_by_all, reviews_deps, say
from tests.support.stage import Stage, somebody


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


def seen_by_pavel(stage: Stage, booking: BookingView) -> ExchangeView:
    return get_exchange(booking.id, stage.pavel.user, reviews_deps(stage))


def facts(review_id: str) -> list[str]:
    return [item.document.name for item in EventItem.query(review_id)]


def test_of_the_first_review_the_other_side_knows_that_it_is_there_and_nothing_it_says(stage: Stage) -> None:
    booking = completed(stage)
    before = seen_by_pavel(stage, booking)
    written = say(stage, booking, stage.carla, 4, "On time")
    assert written.mine is not None
    assert (written.mine.stars, written.mine.words, written.theirs) == (4, "On time", None)
    assert (written.can_review_until, written.revealed_at) == (None, None)
    assert written.reveal_at == stage.clock.now() + timedelta(days=14)
    after = seen_by_pavel(stage, booking)
    assert after == before.model_copy(update={"reveal_at": written.reveal_at})
    assert (after.mine, after.theirs, before.reveal_at) == (None, None, None)
    assert (rating(stage), read_by_all(stage)) == (Rating(), [])
    assert facts(written.mine.id) == ["review.written"]


def test_with_the_second_both_are_revealed_and_the_client_s_counts(stage: Stage) -> None:
    booking = completed(stage)
    first = say(stage, booking, stage.carla, 4, "On time")
    second = say(stage, booking, stage.pavel.user, 5)
    assert first.mine is not None
    assert second.mine is not None
    assert second.theirs == first.mine
    assert second.revealed_at == stage.clock.now()
    (shown,) = read_by_all(stage)
    assert (shown.stars, shown.words, shown.author_id) == (4, "On time", stage.carla.id)
    assert rating(stage) == Rating(reviews=1, stars=4, average=4.0)
    assert facts(first.mine.id) == ["review.written", "review.revealed"]
    assert sorted(facts(second.mine.id)) == ["review.revealed", "review.written"]
    assert "On time" not in str([item.document for item in EventItem.query(first.mine.id)])


def test_after_two_weeks_one_is_revealed_without_the_other(stage: Stage) -> None:
    booking = completed(stage)
    written = say(stage, booking, stage.carla, 2)
    stage.advance(hours=14 * 24 - 1)
    assert read_by_all(stage) == []
    stage.advance(hours=1)
    assert [review.stars for review in read_by_all(stage)] == [2]
    assert rating(stage) == Rating(reviews=1, stars=2, average=2.0)
    theirs = seen_by_pavel(stage, booking).theirs
    assert theirs == written.mine
    assert reveal_reviews(booking.id, system("test"), reviews_deps(stage)) is Revealed.MOOT
    assert rating(stage).reviews == 1


def test_who_comes_after_the_revealing_is_read_at_once_and_the_first_is_not_counted_again(
    stage: Stage,
) -> None:
    booking = completed(stage)
    say(stage, booking, stage.carla, 2)
    stage.advance(hours=15 * 24)
    late = say(stage, booking, stage.pavel.user, 1)
    assert late.theirs is not None
    assert rating(stage) == Rating(reviews=1, stars=2, average=2.0)
    assert ReviewItem.by_subject.count(stage.carla.id) == 1


def test_a_second_review_on_the_day_itself_leaves_nothing_for_the_deadline(stage: Stage) -> None:
    booking = completed(stage)
    say(stage, booking, stage.pavel.user, 3)
    stage.clock.moment += timedelta(days=14)
    say(stage, booking, stage.carla, 5)
    stage.sweep()
    assert rating(stage) == Rating(reviews=1, stars=5, average=5.0)


def test_a_deadline_that_comes_early_reveals_nothing(stage: Stage) -> None:
    booking = completed(stage)
    say(stage, booking, stage.carla)
    assert reveal_reviews(booking.id, system("test"), reviews_deps(stage)) is Revealed.EARLY
    assert read_by_all(stage) == []


def test_nobody_reviews_twice_or_what_is_not_completed_or_too_late_or_not_theirs(stage: Stage) -> None:
    accepted = stage.accepted()
    with pytest.raises(NotReviewable):
        say(stage, accepted, stage.carla)
    stage.cancel(accepted)
    with pytest.raises(NotReviewable):
        say(stage, accepted, stage.carla)
    booking = completed(stage)
    for stranger in (somebody(Role.CLIENT), stage.adele):
        with pytest.raises(NotFound):
            say(stage, booking, stranger)
        with pytest.raises(NotFound):
            get_exchange(booking.id, stranger, reviews_deps(stage))
    say(stage, booking, stage.carla, 5)
    with pytest.raises(AlreadyReviewed):
        say(stage, booking, stage.carla, 1)
    stage.advance(hours=60 * 24 - 1)
    assert seen_by_pavel(stage, booking).can_review_until is not None
    stage.advance(hours=1)
    assert seen_by_pavel(stage, booking).can_review_until is None
    with pytest.raises(ReviewWindowClosed):
        say(stage, booking, stage.pavel.user, 1)
    assert rating(stage) == Rating(reviews=1, stars=5, average=5.0)


def test_both_at_once_are_both_there_and_count_once(stage: Stage) -> None:
    booking = completed(stage)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda by: say(stage, booking, by, 4), (stage.carla, stage.pavel.user)))
    assert seen_by_pavel(stage, booking).theirs is not None
    assert rating(stage) == Rating(reviews=1, stars=4, average=4.0)


@pytest.mark.parametrize("after", [False, True], ids=["before it is written", "after"])
def test_whoever_dies_while_writing_and_asks_again_counts_once(stage: Stage, after: bool) -> None:
    booking = completed(stage)
    say(stage, booking, stage.carla, 4)
    key = RequestKey("a-key", "a-fingerprint")
    pavel = replace(stage.pavel.user, request_key=key)
    with pytest.raises(Died), Steps(at=0, after=after).watching_transactions():
        say(stage, booking, pavel, 5)
    assert rating(stage).reviews == int(after)
    again = say(stage, booking, pavel, 5)
    assert (again.mine is not None, again.theirs is not None) == (True, True)
    assert rating(stage) == Rating(reviews=1, stars=4, average=4.0)


@pytest.mark.parametrize("after", [False, True], ids=["before it is revealed", "after"])
def test_a_deadline_whose_process_dies_comes_again_and_counts_once(stage: Stage, after: bool) -> None:
    booking = completed(stage)
    say(stage, booking, stage.carla, 4)
    stage.clock.moment += timedelta(days=14)
    with Steps(at=0, after=after).watching_transactions():
        stage.sweep()
    assert rating(stage) == Rating(reviews=1, stars=4, average=4.0)


def test_writing_is_one_read_and_one_transaction(stage: Stage) -> None:
    booking = completed(stage)
    for by in (stage.carla, stage.pavel.user):
        with calls() as made:
            say(stage, booking, by)
        assert made == ["BatchGetItem", "TransactWriteItems"]


def test_ratings_of_two_profiles_of_one_user_do_not_touch(stage: Stage) -> None:
    pavel, catalogue = stage.pavel.user, CatalogueDeps(clock=stage.clock)
    page = CreateProfile(role=ProfileRole.EDITOR, title="Cuts", jurisdiction="US-OR", zone="UTC")
    other = create_profile(page, pavel, catalogue)
    create_service(other.id, CreateService.model_validate(SESSION), pavel, catalogue)
    filled(other, pavel, stage.clock)
    publish_profile(other.id, pavel, catalogue)
    for profile_id, stars in ((None, 5), (other.id, 1), (None, 4)):
        booking = completed(stage, profile_id)
        say(stage, booking, stage.carla, stars)
        say(stage, booking, pavel, 5)
    assert rating(stage) == Rating(reviews=2, stars=9, average=4.5)
    assert rating(stage, other.id) == Rating(reviews=1, stars=1, average=1.0)
    assert [review.stars for review in read_by_all(stage, other.id)] == [1]


def test_what_support_hides_is_read_by_nobody_and_counts_no_longer(stage: Stage) -> None:
    booking = completed(stage)
    written = say(stage, booking, stage.carla, 1, "Call me")
    say(stage, booking, stage.pavel.user, 5)
    assert written.mine is not None
    hiding = HideReview(reason=ReportReason.PERSONAL_DATA, note="A number")
    for _ in range(2):
        hidden = hide_review(written.mine.id, hiding, stage.adele, reviews_deps(stage))
        assert hidden.hiding is not None
    assert (rating(stage), read_by_all(stage)) == (Rating(), [])
    assert seen_by_pavel(stage, booking).theirs is None
    assert facts(written.mine.id) == ["review.written", "review.revealed", "review.hidden"]
    with pytest.raises(CallsheetError):
        say(stage, booking, stage.carla, 1)


def test_what_came_on_top_of_a_booking_is_reviewed_with_it_and_not_again(stage: Stage) -> None:
    booking = stage.accepted(in_hours=30)
    amendment = stage.consent(stage.propose(booking), stage.pavel.user)
    stage.advance(hours=100)
    assert stage.case(amendment.id).booking.status is BookingStatus.COMPLETED
    for side in (stage.carla, stage.pavel.user):
        with pytest.raises(NotFound):
            write_review(amendment.id, WriteReview(stars=5), side, reviews_deps(stage))
        with pytest.raises(NotFound):
            get_exchange(amendment.id, side, reviews_deps(stage))
    assert (rating(stage), read_by_all(stage)) == (Rating(), [])
