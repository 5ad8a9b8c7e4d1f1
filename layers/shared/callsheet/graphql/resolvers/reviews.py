"""Fields about reviews: each calls the use case that REST calls too."""

from collections.abc import Awaitable

from callsheet.bookings.model import BookingView
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.graphql.naming import given
from callsheet.kernel.page import PageQuery
from callsheet.reviews.hide_review import hide_review
from callsheet.reviews.list_client_reviews import list_client_reviews
from callsheet.reviews.list_profile_reviews import list_profile_reviews
from callsheet.reviews.model import (
    ExchangeView,
    HideReview,
    ModeratedView,
    ReportReview,
    ReviewPage,
    ReviewView,
    WriteReview,
)
from callsheet.reviews.report_review import report_review
from callsheet.reviews.write_review import write_review


def _of_profile(_source: object, context: Context, profile_id: str, **page: object) -> ReviewPage | None:
    query = PageQuery.model_validate(given(page))
    try:
        return list_profile_reviews(profile_id, query, context.caller, context.sources.reviews())
    except ProfileNotFound:
        return None


def _of_client(_source: object, context: Context, user_id: str, **page: object) -> ReviewPage:
    query = PageQuery.model_validate(given(page))
    return list_client_reviews(user_id, query, context.caller, context.sources.reviews())


def _of_booking(booking: BookingView, context: Context) -> Awaitable[ExchangeView | None]:
    return context.loaders.exchange(booking.id)


def _write(_source: object, context: Context, booking_id: str, input: dict[str, object]) -> ExchangeView:  # noqa: A002
    command = WriteReview.model_validate(given(input))
    return write_review(booking_id, command, context.caller, context.sources.reviews())


def _report(_source: object, context: Context, id: str, reason: str) -> ReviewView:  # noqa: A002
    command = ReportReview.model_validate({"reason": reason})
    return report_review(id, command, context.caller, context.sources.reviews())


def _hide(_source: object, context: Context, id: str, **asked: object) -> ModeratedView:  # noqa: A002
    command = HideReview.model_validate(given(asked))
    return hide_review(id, command, context.caller, context.sources.reviews())


def _itself(moderated: ModeratedView, _context: Context) -> ReviewView:
    return moderated


RESOLVERS: Resolvers = {
    "Query": {"profileReviews": _of_profile, "clientReviews": _of_client},
    "Mutation": {"writeReview": _write, "reportReview": _report, "hideReview": _hide},
    "ModeratedReview": {"review": _itself},
    "Booking": {"reviews": _of_booking},
}
