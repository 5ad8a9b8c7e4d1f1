"""GET /v1/health: which version runs, and whether its stores answer."""

from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import Unavailable
from callsheet.platform.health import Health, check_health


@endpoint(errors=(Unavailable,))
def handler() -> Health:
    return check_health()
