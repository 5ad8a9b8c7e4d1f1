"""What belongs to no domain: the API's health, its description, and what moves events and time."""

from callsheet.kernel.routing import Auth, Endpoint, Grant, RateClass, Row

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
)
