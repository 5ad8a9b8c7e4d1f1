"""The caller has read what they were told."""

from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.notifications.deps import NotificationsDeps
from callsheet.notifications.store import set_read
from callsheet.platform.transaction import Transaction


def read_notification(notification_id: str, caller: Principal, deps: NotificationsDeps) -> None:
    """One write, as often as it is asked for. NotFound where it is nobody's, or somebody else's."""
    if not has_prefix(notification_id, "ntf"):
        raise NotFound
    txn = Transaction(caller, deps.clock.now())
    set_read(txn, caller.user_id, notification_id)
    txn.commit()
