"""The calendar's functions."""

from callsheet.kernel.routing import Endpoint, Grant, Row

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="get_rules",
        method="GET",
        path="/v1/calendar/rules",
        tables=(("calendar", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="set_rules",
        method="PUT",
        path="/v1/calendar/rules",
        roles=("provider", "creator"),
        tables=(
            ("calendar", Grant.READ_WRITE),
            ("events", Grant.APPEND),
            ("platform", Grant.READ_WRITE),
        ),
    ),
    Endpoint(
        name="get_availability",
        method="GET",
        path="/v1/providers/{provider_id}/availability",
        tables=(("calendar", Grant.READ), ("platform", Grant.READ_WRITE)),
    ),
)
