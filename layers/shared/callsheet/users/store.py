"""Accounts, one item each; of a person it knows the name they chose, and no address.

Attributes of their own rather than one document: whoever comes first, the sign-up, the first visit or the first
payment, makes the item with one update.
"""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from callsheet.kernel.access import AccessPath
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Table, utc_key
from callsheet.platform.transaction import Transaction
from callsheet.users.errors import AlreadyRegistered

_USER = "USER"


class UserItem(Table):
    """`registered_at` is there once `user.registered` was told; `created_at` always."""

    logical_name = "users"
    created_at = UnicodeAttribute()
    registered_at = UnicodeAttribute(null=True)
    display_name = UnicodeAttribute(null=True)
    stripe_customer_id = UnicodeAttribute(null=True)


def account_key(user_id: str) -> Key:
    return (UserItem, user_id, _USER)


def register(txn: Transaction, user_id: str, now: datetime) -> None:
    """Make the account unless a payment has made it; AlreadyRegistered the second time."""
    moment = utc_key(now)
    actions = [
        UserItem.created_at.set(UserItem.created_at | moment),
        UserItem.registered_at.set(moment),
        UserItem.version.set(UserItem.version | 0),
    ]
    txn.update(account_key(user_id), actions, UserItem.registered_at.does_not_exist(), AlreadyRegistered())


def rename(txn: Transaction, user_id: str, display_name: str, version: int) -> None:
    """Raises Stale where the account is no longer at `version`."""
    actions = [UserItem.display_name.set(display_name), UserItem.version.set(version + 1)]
    txn.update(account_key(user_id), actions, UserItem.version == version, Stale())


def stored_user(user_id: str) -> UserItem | None:
    """One strongly consistent read; None for somebody who was never seen before."""
    (item,) = get_together([account_key(user_id)])
    return item if isinstance(item, UserItem) else None


def set_customer(txn: Transaction, user_id: str, customer_id: str, now: datetime) -> None:
    """Keep Stripe's customer of a user, whose account is made where there is none."""
    actions = [
        UserItem.created_at.set(UserItem.created_at | utc_key(now)),
        UserItem.stripe_customer_id.set(customer_id),
        UserItem.version.set(UserItem.version | 0),
    ]
    txn.update(account_key(user_id), actions)


def unset_customer(txn: Transaction, user_id: str) -> None:
    txn.update(account_key(user_id), [UserItem.stripe_customer_id.remove()])


ACCESS_PATHS = (
    AccessPath(
        name="one account",
        table="users",
        keys="pk = <user id>, sk = USER",
        use_cases=("users.get_me", "users.update_me", "bookings.create_booking"),
    ),
    AccessPath(
        name="the people of a page",
        table="users",
        keys="batch of pk = <user id>, sk = USER",
        use_cases=("users.get_users",),
    ),
)
