"""Where resolvers get the dependencies of the use cases they call: the wiring module, or a test's fakes."""

from typing import Protocol

from callsheet.bookings.checkout_deps import CheckoutDeps
from callsheet.bookings.deps import BookingsDeps
from callsheet.calendar.deps import CalendarDeps
from callsheet.catalogue.deps import CatalogueDeps, EditingDeps, ListingDeps
from callsheet.documents.deps import DocumentsDeps
from callsheet.reviews.deps import ReviewsDeps
from callsheet.search.deps import SavedDeps
from callsheet.transfers.deps import TransfersDeps
from callsheet.users.deps import UsersDeps
from callsheet.wallet.deps import WalletDeps


class Sources(Protocol):
    """Each domain's container, made when the first field asks for it."""

    def bookings(self) -> BookingsDeps: ...

    def checkout(self) -> CheckoutDeps: ...

    def calendar(self) -> CalendarDeps: ...

    def transfers(self) -> TransfersDeps: ...

    def users(self) -> UsersDeps: ...

    def wallet(self) -> WalletDeps: ...

    def documents(self) -> DocumentsDeps: ...

    def catalogue(self) -> CatalogueDeps: ...

    def listing(self) -> ListingDeps: ...

    def editing(self) -> EditingDeps: ...

    def reviews(self) -> ReviewsDeps: ...

    def saved_searches(self) -> SavedDeps: ...
