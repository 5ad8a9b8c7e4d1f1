"""What a booking is refused for."""

from callsheet.kernel.errors import CallsheetError, InvalidRequest, Kind


class AmountTooSmall(InvalidRequest):
    code, title = "amount_too_small", "The amount does not cover the fee it contains"


class AmountTooLarge(InvalidRequest):
    code, title = "amount_too_large", "The amount is more than one payment can carry"


class CurrencyUnsupported(CallsheetError):
    code, title, kind = "currency_unsupported", "We do not take this currency", Kind.INVALID
