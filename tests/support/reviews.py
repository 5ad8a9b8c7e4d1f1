"""Reviews as the parties on a stage write and read them."""

from datetime import timedelta

from callsheet.bookings.model import BookingView, CreateBooking
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.get_profile import get_profile
from callsheet.catalogue.model import Rating
from callsheet.kernel.page import Cursors, PageQuery
from callsheet.kernel.principal import Principal
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.list_profile_reviews import list_profile_reviews
from callsheet.reviews.model import ExchangeView, ReviewView, WriteReview
from callsheet.reviews.write_review import write_review
from tests.support.stage import Stage


def reviews_deps(stage: Stage) -> ReviewsDeps:
    return ReviewsDeps(clock=stage.clock, cursors=lambda: Cursors("secret"))


def completed(stage: Stage, profile_id: str | None = None) -> BookingView:
    """A booking that is over and accepted, made with the provider's first profile or another."""
    starts_at = stage.clock.now() + timedelta(hours=72)
    command = CreateBooking(
        provider_id=profile_id or stage.pavel.profile_id, amount=100, payment_method="pm_card_visa",
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
    )  # fmt: skip
    booking = stage.accept(stage.book(command))
    stage.advance(hours=75)
    return stage.complete(booking)


def say(
    stage: Stage, booking: BookingView, by: Principal, stars: int = 5, words: str | None = None
) -> ExchangeView:
    return write_review(booking.id, WriteReview(stars=stars, words=words), by, reviews_deps(stage))


def rating(stage: Stage, profile_id: str | None = None) -> Rating:
    caller = stage.pavel.user
    return get_profile(profile_id or stage.pavel.profile_id, caller, CatalogueDeps(clock=stage.clock)).rating


def read_by_all(stage: Stage, profile_id: str | None = None) -> list[ReviewView]:
    page = list_profile_reviews(
        profile_id or stage.pavel.profile_id, PageQuery(), stage.adele, reviews_deps(stage)
    )
    return list(page.items)
