"""POST /v1/bookings: a client asks a provider; slots are held and the payment is authorised, never captured."""

from callsheet import wiring
from callsheet.bookings.create_booking import create_booking
from callsheet.bookings.errors import (
    AmountTooLarge,
    AmountTooSmall,
    CurrencyUnsupported,
    NotOffered,
    OwnServices,
    ProviderNotFound,
)
from callsheet.bookings.model import BookingView, CreateBooking
from callsheet.calendar.errors import SPAN_ERRORS, SlotTaken
from callsheet.catalogue.errors import ServiceNotFound
from callsheet.gateways.errors import (
    InvalidPaymentMethod,
    PaymentDeclined,
    PaymentsUnavailable,
    TaxPlaceUnknown,
)
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.wallet.errors import WalletChanged

_DEPS = wiring.ordering()  # Stripe's SDK loads while the function starts


@endpoint(
    status=201,
    errors=(
        SlotTaken,
        WalletChanged,
        PaymentDeclined,
        InvalidPaymentMethod,
        PaymentsUnavailable,
        ProviderNotFound,
        ServiceNotFound,
        NotOffered,
        OwnServices,
        AmountTooSmall,
        AmountTooLarge,
        CurrencyUnsupported,
        TaxPlaceUnknown,
        *SPAN_ERRORS,
    ),
)
def handler(body: CreateBooking, caller: Principal) -> BookingView:
    return create_booking(body, caller, _DEPS)
