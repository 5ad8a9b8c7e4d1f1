"""What a booking reads and writes of its payment, in its own batch reads and transactions."""

from callsheet.payments.model import Payment
from callsheet.payments.store import PaymentItem, payment_item, payment_key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction

type StoredPayment = PaymentItem

__all__ = ["StoredPayment", "add_payment", "check_payment", "payment_from", "payment_key", "save_payment"]


def payment_from(item: Table | None) -> StoredPayment | None:
    """The payment among what was read, with the version it was read at."""
    return item if isinstance(item, PaymentItem) else None


def add_payment(txn: Transaction, payment: Payment) -> StoredPayment:
    """Write a new payment; Stale where its subject has one."""
    item = payment_item(payment)
    txn.create(item, Stale())
    return item


def save_payment(txn: Transaction, stored: StoredPayment, payment: Payment) -> None:
    """Write what became of a payment; Stale where somebody has changed it since it was read."""
    stored.document = payment
    txn.replace(stored, Stale())


def check_payment(txn: Transaction, stored: StoredPayment) -> None:
    """Stale where somebody has changed the payment since it was read."""
    txn.check(payment_key(stored.pk), PaymentItem.version == stored.version, Stale())
