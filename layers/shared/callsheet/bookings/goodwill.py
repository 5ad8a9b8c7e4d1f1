"""Refunds that support gives beyond the policy: who gives what of them. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from callsheet.bookings.cancellation import refund_everything
from callsheet.bookings.errors import NothingToRefund
from callsheet.bookings.price import PriceSnapshot
from callsheet.kernel.money import Money, zero
from callsheet.payments.shares import RefundSplit, share_out, split_of

# Nobody approves on what was true long ago.
PROPOSAL_LIVES = timedelta(days=7)


class BorneBy(StrEnum):
    """Who gives a refund: all, each their share of what is left of the payment, or the platform alone."""

    ALL = "all"
    PLATFORM = "platform"


def has_lapsed(proposed_at: datetime, now: datetime) -> bool:
    return proposed_at + PROPOSAL_LIVES <= now


def goodwill_split(
    price: PriceSnapshot, returned: RefundSplit | None, amount: Money, borne_by: BorneBy
) -> RefundSplit:
    """Who gives what. Raises NothingToRefund where less than `amount` is left of what was paid."""
    rooms = refund_everything(price).less(returned).parts
    left = price.total - returned.total if returned else price.total
    if amount.currency != left.currency or amount.amount_minor > left.amount_minor:
        raise NothingToRefund(extra={"left_minor": left.amount_minor, "currency": left.currency})
    match borne_by:
        case BorneBy.ALL:
            return split_of(share_out(amount, rooms))
        case BorneBy.PLATFORM:
            return split_of((zero(amount.currency),) * len(rooms), amount)
