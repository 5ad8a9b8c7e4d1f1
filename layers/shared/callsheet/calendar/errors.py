"""Why a span of time cannot be had."""

from callsheet.kernel.errors import CallsheetError, Conflict, InvalidRequest, NotFound


class SpanInvalid(InvalidRequest):
    code, title = "span_invalid", "The span must lie ahead and end after it starts"


class SpanTooShort(InvalidRequest):
    code, title = "span_too_short", "The span is shorter than the provider accepts"


class SpanTooLong(InvalidRequest):
    code, title = "span_too_long", "The span is longer than 14 days"


class TooSoon(InvalidRequest):
    code, title = "too_soon", "The provider needs more time before the start"


class TooFarAhead(InvalidRequest):
    code, title = "too_far_ahead", "The provider's calendar is not open that far ahead"


class OutsideHours(InvalidRequest):
    code, title = "outside_hours", "The provider does not work at this time"


class BlackedOut(Conflict):
    code, title = "blacked_out", "The provider is away at this time"


class SlotTaken(Conflict):
    code, title = "slot_taken", "Somebody else has booked this time"


class CalendarNotFound(NotFound):
    code, title = "calendar_not_found", "Nobody of this id has a calendar"


# What a span of time can be refused for, before anybody looks at the slots.
SPAN_ERRORS: tuple[type[CallsheetError], ...] = (
    SpanInvalid,
    SpanTooShort,
    SpanTooLong,
    TooSoon,
    TooFarAhead,
    OutsideHours,
    BlackedOut,
)
