"""What a booking, and who pays its provider, must know of the account that is paid into, in their own batch reads."""

from dataclasses import dataclass

from callsheet.connect.model import PayoutStatus
from callsheet.connect.store import PayoutAccountItem, account_key, owner_of
from callsheet.platform.table import Table

__all__ = ["PaidInto", "account_from", "account_key", "owner_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidInto:
    """An account that exists at Stripe, whether or not it takes anything yet."""

    stripe_account_id: str
    status: PayoutStatus
    can_be_paid: bool


def account_from(item: Table | None) -> PaidInto | None:
    """The account among what was read; None for a user who has none at Stripe."""
    if not isinstance(item, PayoutAccountItem) or item.document.account_id is None:
        return None
    account_id, document = item.document.account_id, item.document
    return PaidInto(stripe_account_id=account_id, status=document.status, can_be_paid=document.can_be_paid)
