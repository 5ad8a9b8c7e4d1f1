"""The caller's payout account, as it is at Stripe."""

from contextlib import suppress

from callsheet.connect.converge_account import look_at
from callsheet.connect.deps import ConnectDeps
from callsheet.connect.errors import PayoutAccountNotFound
from callsheet.connect.rules import is_stale
from callsheet.connect.store import PayoutAccountItem, stored_account
from callsheet.connect.views import PayoutAccountView, view_of
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew


def get_payout_account(caller: Principal, deps: ConnectDeps) -> PayoutAccountView:
    """One read; where what we know has become old, Stripe is asked and its answer written.

    While Stripe does not answer, what we know is told, with its age. Raises PayoutAccountNotFound.
    """
    return view_of(decided_anew(lambda: _looked_at(caller, deps)).document)


def _looked_at(caller: Principal, deps: ConnectDeps) -> PayoutAccountItem:
    stored = own_account(caller)
    if is_stale(stored.document, deps.clock.now()):
        with suppress(PaymentsUnavailable):
            look_at(stored, caller, deps)
    return stored


def own_account(caller: Principal) -> PayoutAccountItem:
    """The caller's; PayoutAccountNotFound where they have none, or Stripe would not make it."""
    stored = stored_account(caller.user_id)
    if stored is None or (stored.document.account_id is None and stored.document.opening is None):
        raise PayoutAccountNotFound
    return stored
