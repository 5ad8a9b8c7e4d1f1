"""GET /v1/me/notifications: what the caller was told, the newest first."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal
from callsheet.notifications.list_notifications import list_notifications
from callsheet.notifications.model import NotificationPage


@endpoint(errors=(InvalidCursor,))
def handler(query: PageQuery, caller: Principal) -> NotificationPage:
    return list_notifications(query, caller, wiring.notifications())
