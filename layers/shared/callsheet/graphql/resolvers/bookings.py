"""Fields about bookings: each calls the use case that REST calls too."""

from collections.abc import Awaitable

from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.cancel_booking import cancel_booking
from callsheet.bookings.complete_booking import complete_booking
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.decline_booking import decline_booking
from callsheet.bookings.get_booking import get_booking
from callsheet.bookings.get_timeline import get_timeline
from callsheet.bookings.list_bookings import list_bookings
from callsheet.bookings.model import (
    BookingPage,
    BookingQuery,
    BookingView,
    CancelBooking,
    CancelRequest,
    CreateBooking,
    QuoteBooking,
    QuoteView,
    ReportProblem,
    Timeline,
)
from callsheet.bookings.quote_booking import quote_booking
from callsheet.bookings.report_problem import report_problem
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.graphql.loaders import ClosedUser
from callsheet.graphql.naming import given
from callsheet.kernel.errors import NotFound
from callsheet.kernel.page import PageQuery
from callsheet.users.model import UserView

type Input = dict[str, object]


def _booking(_source: object, context: Context, id: str) -> BookingView | None:  # noqa: A002 - the argument's name
    try:
        return get_booking(id, context.caller, context.sources.bookings())
    except NotFound:
        return None


def _bookings(source: object, context: Context, filter: Input | None = None) -> list[BookingView]:  # noqa: A002
    return list(_bookings_page(source, context, filter=filter).items)


def _bookings_page(
    _source: object,
    context: Context,
    filter: Input | None = None,  # noqa: A002
    **page: object,
) -> BookingPage:
    query = BookingQuery.model_validate(given({**(filter or {}), **page}))
    return list_bookings(query, context.caller, context.sources.bookings())


def _timeline(_source: object, context: Context, id: str, **page: object) -> Timeline:  # noqa: A002
    query = PageQuery.model_validate(given(page))
    return get_timeline(id, query, context.caller, context.sources.bookings())


def _quote(_source: object, context: Context, input: Input) -> QuoteView:  # noqa: A002
    return quote_booking(
        QuoteBooking.model_validate(given(input)), context.caller, context.sources.checkout()
    )


def _create(_source: object, context: Context, input: Input) -> BookingView:  # noqa: A002
    return create_booking(
        CreateBooking.model_validate(given(input)), context.caller, context.sources.checkout()
    )


def _accept(_source: object, context: Context, id: str) -> BookingView:  # noqa: A002
    return accept_booking(id, context.caller, context.sources.checkout())


def _decline(_source: object, context: Context, id: str) -> BookingView:  # noqa: A002
    return decline_booking(id, context.caller, context.sources.checkout())


def _cancel(_source: object, context: Context, id: str, **asked: object) -> BookingView:  # noqa: A002
    command = CancelBooking.of(id, CancelRequest.model_validate(given(asked)))
    return cancel_booking(command, context.caller, context.sources.checkout())


def _complete(_source: object, context: Context, id: str) -> BookingView:  # noqa: A002
    return complete_booking(id, context.caller, context.sources.bookings())


def _report(_source: object, context: Context, id: str, description: str) -> BookingView:  # noqa: A002
    command = ReportProblem(booking_id=id, description=description)
    return report_problem(command, context.caller, context.sources.bookings())


def _client(booking: BookingView, context: Context) -> Awaitable[UserView | ClosedUser]:
    return context.loaders.user(booking.client_id)


def _provider(booking: BookingView, context: Context) -> Awaitable[UserView | ClosedUser]:
    return context.loaders.user(booking.provider_id)


RESOLVERS: Resolvers = {
    "Query": {
        "booking": _booking,
        "bookings": _bookings,
        "bookingsPage": _bookings_page,
        "bookingTimeline": _timeline,
        "quote": _quote,
    },
    "Mutation": {
        "createBooking": _create,
        "acceptBooking": _accept,
        "declineBooking": _decline,
        "cancelBooking": _cancel,
        "completeBooking": _complete,
        "reportProblem": _report,
    },
    "Booking": {"client": _client, "provider": _provider},
}
