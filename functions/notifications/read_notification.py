"""POST /v1/me/notifications/{notification_id}/read: the caller has read it; again changes nothing."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.notifications.read_notification import read_notification


@endpoint()
def handler(notification_id: str, caller: Principal) -> None:
    read_notification(notification_id, caller, wiring.notifications())
