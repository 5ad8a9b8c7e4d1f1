"""What the caller was told, page by page."""

from datetime import datetime

from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal
from callsheet.notifications.deps import NotificationsDeps
from callsheet.notifications.model import NotificationPage, NotificationView
from callsheet.notifications.store import NotificationItem, notifications_of


def list_notifications(query: PageQuery, caller: Principal, deps: NotificationsDeps) -> NotificationPage:
    """One query, however long the page."""
    cursors, bound = deps.cursors(), f"notifications#{caller.user_id}"
    items, position = notifications_of(caller.user_id, cursors.read(bound, query.cursor), query.limit)
    return NotificationPage(
        items=tuple(_view_of(item) for item in items), next_cursor=cursors.write(bound, position)
    )


def _view_of(item: NotificationItem) -> NotificationView:
    return NotificationView(
        id=item.notification_id,
        kind=item.kind,
        booking_id=item.booking_id,
        occurred_at=datetime.fromisoformat(item.occurred_at),
        is_read=item.is_read,
        saved_search_id=item.saved_search_id,
        profile_id=item.profile_id,
    )
