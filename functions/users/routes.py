"""The accounts' functions."""

from callsheet.kernel.routing import Endpoint, Grant, Row, UserPoolTrigger

_REGISTERING = (
    ("users", Grant.READ_WRITE),
    ("events", Grant.APPEND),
)

ROUTES: tuple[Row, ...] = (
    UserPoolTrigger(
        name="create_user",
        trigger="post_confirmation",
        tables=(("users", Grant.WRITE), ("events", Grant.APPEND)),
        timeout_seconds=5,  # Cognito waits no longer (Developer Guide, "Customizing user pool workflows")
    ),
    Endpoint(
        name="get_me",
        method="GET",
        path="/v1/me",
        tables=(*_REGISTERING, ("platform", Grant.READ_WRITE)),
    ),
    Endpoint(
        name="update_me",
        method="PATCH",
        path="/v1/me",
        tables=(*_REGISTERING, ("platform", Grant.READ_WRITE)),
    ),
)
