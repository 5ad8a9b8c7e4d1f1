"""What went from a provider's account at Stripe to their bank."""

from callsheet.kernel.principal import Principal
from callsheet.transfers.bank_payouts import PayoutPage, PayoutQuery, view_of
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.payout_store import payouts_of


def list_payouts(query: PayoutQuery, caller: Principal, deps: TransfersDeps) -> PayoutPage:
    """The caller's own, newest first; one query."""
    name, cursors = f"payouts:{caller.user_id}", deps.cursors()
    payouts, position = payouts_of(caller.user_id, query.limit, cursors.read(name, query.cursor))
    return PayoutPage(
        items=tuple(view_of(payout) for payout in payouts), next_cursor=cursors.write(name, position)
    )
