"""POST /v1/quotes: what a booking would cost, itemised; nothing is held."""

from callsheet import wiring
from callsheet.bookings.errors import (
    AmountTooLarge,
    AmountTooSmall,
    CurrencyUnsupported,
    NotOffered,
    ProviderNotFound,
)
from callsheet.bookings.model import QuoteBooking, QuoteView
from callsheet.bookings.quote_booking import quote_booking
from callsheet.calendar.errors import SPAN_ERRORS
from callsheet.catalogue.errors import ServiceNotFound
from callsheet.gateways.errors import PaymentsUnavailable, TaxPlaceUnknown
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal

_DEPS = wiring.quoting()  # Stripe's SDK loads while the function starts, where Stripe Tax is asked


@endpoint(
    errors=(
        ProviderNotFound,
        ServiceNotFound,
        NotOffered,
        AmountTooSmall,
        AmountTooLarge,
        CurrencyUnsupported,
        TaxPlaceUnknown,
        PaymentsUnavailable,
        *SPAN_ERRORS,
    )
)
def handler(body: QuoteBooking, caller: Principal) -> QuoteView:
    return quote_booking(body, caller, _DEPS)
