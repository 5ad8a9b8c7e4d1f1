"""Payouts that have been quiet are looked at, so that a lost answer or webhook heals."""

from contextlib import suppress
from datetime import datetime, timedelta

from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.transaction import Transaction
from callsheet.transfers.converge_payout import converge_payout
from callsheet.transfers.pay_instantly import finish_order
from callsheet.transfers.payout_deps import PayoutDeps
from callsheet.transfers.payout_errors import InstantFundsInsufficient, InstantPayoutRefused
from callsheet.transfers.payout_store import UnderWayItem, payouts_of, under_way_key
from callsheet.transfers.states import BANK_PAYOUT, CHECK

_RECENT = 20
_ORDER_AGAIN, _PAYOUT_AGAIN = timedelta(minutes=10), timedelta(days=1)
# After so long nobody expects a bank to answer any more; Stripe's own event would still be heard.
_GIVEN_UP = timedelta(days=30)


def check_payouts(provider_id: str, due_at: datetime, caller: Principal, deps: PayoutDeps) -> bool:
    """False where nothing is on its way.

    The next look is arranged before this one, at a time that a repetition repeats. Raises PaymentsUnavailable.
    """
    (order,) = get_together([under_way_key(provider_id)])
    recent, _ = payouts_of(provider_id, _RECENT)
    since = due_at - _GIVEN_UP  # by when it was due: a look that comes late looks all the same
    quiet = [one for one in recent if one.status not in BANK_PAYOUT.terminal and one.created_at > since]
    is_ordered = isinstance(order, UnderWayItem)
    if not is_ordered and not quiet:
        return False
    txn = Transaction(caller, deps.clock.now())
    txn.due(CHECK, provider_id, due_at + (_ORDER_AGAIN if is_ordered else _PAYOUT_AGAIN))
    txn.commit()
    if isinstance(order, UnderWayItem):
        with suppress(InstantFundsInsufficient, InstantPayoutRefused):
            finish_order(provider_id, order.order_id, caller, deps)
    for payout in quiet:
        converge_payout(payout.account_id, payout.stripe_payout_id, caller, deps)
    return True
