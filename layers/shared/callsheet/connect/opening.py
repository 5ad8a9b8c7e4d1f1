"""Makes an account at Stripe once, whatever breaks in between (ADR 0110)."""

from callsheet.connect.deps import ConnectDeps
from callsheet.connect.errors import CountryUnsupported
from callsheet.connect.recording import record_refused, record_seen
from callsheet.connect.rules import KEY_HOLDS, made_between
from callsheet.connect.store import PayoutAccountItem, save_account
from callsheet.gateways.connect import AccountOrder, AccountRefused
from callsheet.kernel.principal import Principal
from callsheet.platform.transaction import Transaction


def finish_opening(stored: PayoutAccountItem, caller: Principal, deps: ConnectDeps) -> None:
    """Ask for the account that was written down, and record it; nothing where that was done.

    While Stripe keeps the key, asking again answers the same account. Later it is looked for among those that were made
    while the key was kept, and asked for anew where it is not there. Raises CountryUnsupported, PaymentsUnavailable and
    Stale.
    """
    account = stored.document
    opening, now = account.opening, deps.clock.now()
    if opening is None:
        return
    order = AccountOrder(key=opening.key, user_id=account.user_id, country=account.country)
    seen = None
    if opening.asked_at + KEY_HOLDS <= now:
        seen = deps.accounts.find_account(order, *made_between(opening.asked_at))
        if seen is None:
            txn = Transaction(caller, now)
            asked = opening.model_copy(update={"asked_at": now})
            save_account(txn, stored, account.model_copy(update={"opening": asked}))
            txn.commit()
    if seen is None:
        try:
            seen = deps.accounts.create_account(order)
        except AccountRefused as error:
            record_refused(stored, caller, now)
            raise CountryUnsupported from error
    record_seen(stored, seen, caller, now)
