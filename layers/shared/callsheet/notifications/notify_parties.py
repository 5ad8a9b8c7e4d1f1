"""The parties to a booking, and owners of payout accounts, are told what has happened to these."""

from callsheet.kernel.principal import Principal
from callsheet.notifications.deps import NotificationsDeps
from callsheet.notifications.model import Heard
from callsheet.notifications.rules import told_of
from callsheet.notifications.store import add_notification
from callsheet.platform.transaction import Transaction

CONSUMER = "notifications.notify_parties"


def notify_parties(heard: Heard, caller: Principal, deps: NotificationsDeps) -> None:
    """One transaction: everybody is told, and the event consumed. AlreadyConsumed the second time."""
    now = deps.clock.now()
    txn = Transaction(caller, now)
    txn.consume(heard.event_id, CONSUMER)
    told = told_of(heard)
    for user_id in sorted(told.user_ids):
        add_notification(txn, user_id, heard, told, now)
    txn.commit()
