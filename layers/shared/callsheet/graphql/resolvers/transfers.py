"""Fields about what providers are paid."""

from collections.abc import Awaitable

from callsheet.bookings.model import BookingView
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.graphql.naming import given
from callsheet.transfers.bank_payouts import PayoutPage, PayoutQuery
from callsheet.transfers.commands import TransferQuery
from callsheet.transfers.list_payouts import list_payouts
from callsheet.transfers.list_transfers import list_transfers
from callsheet.transfers.views import TransferPage, TransferView


def _transfers(_source: object, context: Context, **page: object) -> TransferPage:
    query = TransferQuery.model_validate(given(page))
    return list_transfers(query, context.caller, context.sources.transfers())


def _payouts(_source: object, context: Context, **page: object) -> PayoutPage:
    query = PayoutQuery.model_validate(given(page))
    return list_payouts(query, context.caller, context.sources.transfers())


def _transfer(booking: BookingView, context: Context) -> Awaitable[TransferView | None]:
    return context.loaders.transfer(booking.id)


RESOLVERS: Resolvers = {
    "Query": {"transfers": _transfers, "payouts": _payouts},
    "Booking": {"transfer": _transfer},
}
