"""Moves a payout account to where Stripe says it is: after a webhook, and where none came."""

from contextlib import suppress

from callsheet.connect.deps import ConnectDeps
from callsheet.connect.errors import CountryUnsupported
from callsheet.connect.model import PayoutStatus
from callsheet.connect.opening import finish_opening
from callsheet.connect.recording import record_closed, record_seen
from callsheet.connect.store import PayoutAccountItem, owner_of, stored_account
from callsheet.gateways.connect import AccountGone
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew


def converge_account(user_id: str, caller: Principal, deps: ConnectDeps) -> None:
    """Finish what was begun, or look at the account; order and repetition do not matter.

    Raises PaymentsUnavailable where Stripe does not answer.
    """

    def converge() -> None:
        stored = stored_account(user_id)
        if stored is not None:
            look_at(stored, caller, deps)

    decided_anew(converge)


def converge_account_at_stripe(account_id: str, caller: Principal, deps: ConnectDeps) -> None:
    """The same by Stripe's id of it; nothing where it is nobody's here."""
    user_id = owner_of(account_id)
    if user_id is not None:
        converge_account(user_id, caller, deps)


def look_at(stored: PayoutAccountItem, caller: Principal, deps: ConnectDeps) -> None:
    """Ask Stripe once and record what it says; `stored` holds it afterwards. Raises Stale where somebody was faster."""
    account = stored.document
    if account.opening is not None:
        with suppress(CountryUnsupported):  # its owner hears of it when they ask
            finish_opening(stored, caller, deps)
    elif account.account_id is not None and account.status is not PayoutStatus.CLOSED:
        try:
            seen = deps.accounts.account(account.account_id)
        except AccountGone:
            record_closed(stored, caller, deps.clock.now())
        else:
            record_seen(stored, seen, caller, deps.clock.now())
