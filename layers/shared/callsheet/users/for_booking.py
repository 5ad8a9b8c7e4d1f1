"""What a booking reads and writes of its client's account, in its own batch read and transaction."""

from datetime import datetime

from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction
from callsheet.users.model import Account
from callsheet.users.store import UserItem, account_key, set_customer, unset_customer

__all__ = ["account_from", "account_key", "forget_customer", "remember_customer"]


def account_from(item: Table | None) -> Account | None:
    """The account among what was read; None for a user who was never seen before."""
    if not isinstance(item, UserItem):
        return None
    return Account(user_id=item.pk, stripe_customer_id=item.stripe_customer_id)


def remember_customer(txn: Transaction, user_id: str, customer_id: str, now: datetime) -> None:
    """Keep Stripe's customer of a user for the next payment."""
    set_customer(txn, user_id, customer_id, now)


def forget_customer(txn: Transaction, user_id: str) -> None:
    """Stripe's customer of a user is gone: the next payment makes another."""
    unset_customer(txn, user_id)
