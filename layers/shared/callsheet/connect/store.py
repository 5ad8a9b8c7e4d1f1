"""Payout accounts, one item a user, and whose an account at Stripe is."""

from pynamodb.attributes import UnicodeAttribute

from callsheet.connect.model import PayoutAccount
from callsheet.kernel.access import AccessPath
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_ACCOUNT, _OWNER = "ACCOUNT", "OWNER"


class PayoutAccountItem(Table):
    logical_name = "connect"
    document = Document(PayoutAccount)


class OwnerItem(Table):
    """Below Stripe's id of an account."""

    logical_name = "connect"
    user_id = UnicodeAttribute()


def account_key(user_id: str) -> Key:
    return (PayoutAccountItem, user_id, _ACCOUNT)


def stored_account(user_id: str) -> PayoutAccountItem | None:
    """One strongly consistent read."""
    (item,) = get_together([account_key(user_id)])
    return item if isinstance(item, PayoutAccountItem) else None


def owner_of(account_id: str) -> str | None:
    """Whose account at Stripe it is; None for one that is not ours. One strongly consistent read."""
    (item,) = get_together([(OwnerItem, account_id, _OWNER)])
    return item.user_id if isinstance(item, OwnerItem) else None


def add_account(txn: Transaction, account: PayoutAccount) -> PayoutAccountItem:
    """Raises Stale where the user has one."""
    item = PayoutAccountItem(account.user_id, _ACCOUNT, document=account)
    txn.create(item, Stale())
    return item


def save_account(txn: Transaction, stored: PayoutAccountItem, account: PayoutAccount) -> None:
    """Raises Stale where somebody was faster."""
    stored.document = account
    txn.replace(stored, Stale())


def remember_owner(txn: Transaction, account_id: str, user_id: str) -> None:
    txn.put(OwnerItem(account_id, _OWNER, user_id=user_id))


ACCESS_PATHS = (
    AccessPath(
        name="the payout account of a user",
        table="connect",
        keys="pk = <user id>, sk = ACCOUNT",
        use_cases=(
            "connect.start_onboarding",
            "connect.get_payout_account",
            "connect.create_link",
            "connect.converge_account",
            "bookings.accept_booking",
        ),
    ),
    AccessPath(
        name="whose an account at Stripe is",
        table="connect",
        keys="pk = <Stripe's account id>, sk = OWNER",
        use_cases=("payments.apply_stripe_event",),
    ),
)
