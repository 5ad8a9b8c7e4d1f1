"""Fields about bookings: each calls the use case that REST calls too."""

from collections.abc import Awaitable, Callable

from callsheet.bookings.accept_booking import accept_booking
from callsheet.bookings.cancel_booking import cancel_booking
from callsheet.bookings.complete_booking import complete_booking
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.decline_booking import decline_booking
from callsheet.bookings.deps import BookingsDeps
from callsheet.bookings.get_booking import get_booking
from callsheet.bookings.list_bookings import list_bookings
from callsheet.bookings.model import BookingPage, BookingView
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.kernel.errors import Forbidden, NotFound
from callsheet.users.model import UserView

type Input = dict[str, object]
RESOLVERS: Resolvers = {}
