"""What belongs to no domain: the API's health, its description, and what moves events and time."""

from callsheet.kernel.routing import Auth, Endpoint, Grant, RateClass, Row, Schedule, StreamTrigger

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="get_health",
        method="GET",
        path="/v1/health",
        auth=Auth.NONE,
        rate=RateClass.NONE,
        tables=(("platform", Grant.READ),),
    ),
    Endpoint(
        name="get_openapi",
        method="GET",
        path="/v1/openapi.json",
        auth=Auth.NONE,
        rate=RateClass.NONE,
    ),
    StreamTrigger(
        name="relay_events",
        stream_of="events",
        publishes_bus=True,
        timeout_seconds=60,
    ),
    Schedule(
        name="sweep_due",
        rate_minutes=1,
        tables=(("platform", Grant.READ), ("platform", Grant.DELETE)),
        publishes_bus=True,
        timeout_seconds=55,
        reserved_concurrency=1,
    ),
)
