"""Writes down what Stripe has said of a payout account, each time as one transaction: state, next look and event."""

from datetime import datetime

from callsheet.connect.convergence import next_action, seen_as
from callsheet.connect.events import PayoutAccountEnabled, PayoutAccountRestricted
from callsheet.connect.model import PayoutAccount, PayoutStatus, Requirements, RestrictionReason
from callsheet.connect.rules import CHECK, PAYOUT_ACCOUNT, PayoutAction, is_waiting, next_check
from callsheet.connect.store import PayoutAccountItem, remember_owner, save_account
from callsheet.gateways.connect import ConnectedAccount
from callsheet.kernel.principal import Principal
from callsheet.platform.transaction import Transaction

_STRIPE = "stripe"


def record_seen(stored: PayoutAccountItem, seen: ConnectedAccount, caller: Principal, now: datetime) -> None:
    """Move the account to where Stripe says it is. Raises Stale where somebody else was faster."""
    account = stored.document
    action = next_action(account.status, seen)
    status = PAYOUT_ACCOUNT.step(account.status, action, _STRIPE).target if action else account.status
    moved = seen_as(account, seen, status, now)
    txn = Transaction(caller, now)
    if account.account_id is None:
        remember_owner(txn, seen.id, account.user_id)
    if action is PayoutAction.RESTRICT:
        moved = watched(txn, moved, now)
    elif not is_waiting(moved):
        moved = _unwatched(moved)
    save_account(txn, stored, moved)
    if action is not None:
        _publish(txn, moved)
    txn.commit()


def record_closed(stored: PayoutAccountItem, caller: Principal, now: datetime) -> None:
    """Stripe knows the account no longer."""
    account = stored.document
    closed = {
        "status": PAYOUT_ACCOUNT.step(account.status, PayoutAction.CLOSE, _STRIPE).target,
        "transfers_enabled": False,
        "payouts_enabled": False,
        "requirements": Requirements(),
        "reason": RestrictionReason.CLOSED,
        "looked_at": now,
    }
    moved = _unwatched(account.model_copy(update=closed))
    txn = Transaction(caller, now)
    save_account(txn, stored, moved)
    _publish(txn, moved)
    txn.commit()


def record_refused(stored: PayoutAccountItem, caller: Principal, now: datetime) -> None:
    """Stripe will not make such an account: its owner may ask for one in another country."""
    txn = Transaction(caller, now)
    save_account(txn, stored, _unwatched(stored.document.model_copy(update={"opening": None})))
    txn.commit()


def watched(txn: Transaction, account: PayoutAccount, now: datetime, checks: int = 0) -> PayoutAccount:
    """The account with its next look arranged, after `checks` of them; the last one arranges none."""
    check_at = next_check(checks, now)
    if check_at is not None:
        txn.due(CHECK, account.user_id, check_at)
    return account.model_copy(update={"checks": checks, "check_at": check_at})


def _unwatched(account: PayoutAccount) -> PayoutAccount:
    return account.model_copy(update={"checks": 0, "check_at": None})


def _publish(txn: Transaction, account: PayoutAccount) -> None:
    if account.status is PayoutStatus.ACTIVE:
        txn.publish(PayoutAccountEnabled(user_id=account.user_id))
    else:
        reason = account.reason or RestrictionReason.OTHER
        txn.publish(PayoutAccountRestricted(user_id=account.user_id, reason=reason))
