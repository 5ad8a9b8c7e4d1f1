"""Somebody looks again: whatever becomes of us and of Stripe's webhooks, a payment is not forgotten."""

from datetime import datetime

from callsheet.kernel.clock import next_beat
from callsheet.payments.rules import CHECK_AFTER
from callsheet.platform.transaction import Transaction

_CHECK = "payment.check"


def watch(txn: Transaction, subject: str, now: datetime) -> None:
    """Have the payment looked at again soon."""
    txn.due(_CHECK, subject, now + CHECK_AFTER)


def watch_again(txn: Transaction, subject: str, due_at: datetime, now: datetime) -> None:
    """The look after the one that was due at `due_at`: in the same steps, the first that is still to come."""
    txn.due(_CHECK, subject, next_beat(due_at, CHECK_AFTER, now))
