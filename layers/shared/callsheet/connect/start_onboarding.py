"""Somebody wants to be paid: they get an account at Stripe, once, and the form to fill in for it."""

from datetime import datetime

from callsheet.connect.commands import StartOnboarding
from callsheet.connect.deps import ConnectDeps
from callsheet.connect.errors import CountryFixed, CountryUnsupported, PayoutAccountClosed
from callsheet.connect.links import check_urls, form_link
from callsheet.connect.model import Opening, PayoutAccount, PayoutStatus
from callsheet.connect.opening import finish_opening
from callsheet.connect.recording import watched
from callsheet.connect.rules import PAYOUT_ACCOUNT, PayoutAction, is_seldom_looked_at, opening_key
from callsheet.connect.store import PayoutAccountItem, account_key, add_account, save_account
from callsheet.connect.views import OnboardingView, view_of
from callsheet.gateways.connect import LinkPurpose
from callsheet.kernel.principal import Principal
from callsheet.platform.once import claim, record_keys, was_claimed
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def start_onboarding(command: StartOnboarding, caller: Principal, deps: ConnectDeps) -> OnboardingView:
    """One batch read and one transaction before Stripe is asked, one after; then the link.

    However often it is called there is one account, and each call answers a fresh link to its form, even one under the
    same Idempotency-Key: links are never kept. Raises ReturnUrlNotAllowed, CountryUnsupported, CountryFixed,
    PayoutAccountRejected, PayoutAccountClosed and PaymentsUnavailable.
    """
    urls = command.return_url, command.refresh_url
    check_urls(deps, *urls)
    stored = decided_anew(lambda: _opened(command, caller, deps))
    link = form_link(stored, LinkPurpose.ONBOARDING, urls, caller, deps)
    return OnboardingView(account=view_of(stored.document), link=link)


def _opened(command: StartOnboarding, caller: Principal, deps: ConnectDeps) -> PayoutAccountItem:
    """The caller's account, made at Stripe where it was not yet."""
    now = deps.clock.now()
    item, *records = get_together([account_key(caller.user_id), *record_keys(caller.request_key)])
    stored = item if isinstance(item, PayoutAccountItem) else None
    if stored is not None and was_claimed(records[0] if records else None, caller.request_key, now):
        _require_something(stored.document)
    else:
        stored = _begun(stored, command, caller, now)
    finish_opening(stored, caller, deps)
    return stored


def _begun(
    stored: PayoutAccountItem | None, command: StartOnboarding, caller: Principal, now: datetime
) -> PayoutAccountItem:
    """Write down what is about to be asked of Stripe, where anything is."""
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=caller.user_id)
    if stored is None:
        first = PayoutAccount(user_id=caller.user_id, country=command.country, created_at=now)
        stored = add_account(txn, watched(txn, _opening(first, command, now), now))
    elif not _is_there(stored.document):
        save_account(txn, stored, watched(txn, _opening(stored.document, command, now), now))
    elif stored.document.country != command.country:
        raise CountryFixed(extra={"country": stored.document.country})
    elif is_seldom_looked_at(stored.document):
        save_account(txn, stored, watched(txn, stored.document, now))
    txn.commit()
    return stored


def _opening(account: PayoutAccount, command: StartOnboarding, now: datetime) -> PayoutAccount:
    """The account with a first, or another, opening under way."""
    status, openings = account.status, account.openings + 1
    if status is PayoutStatus.CLOSED:
        status = PAYOUT_ACCOUNT.step(status, PayoutAction.REOPEN, "owner").target
    return PayoutAccount(
        user_id=account.user_id,
        country=command.country,
        created_at=account.created_at,
        status=status,
        openings=openings,
        opening=Opening(key=opening_key(account.user_id, openings), asked_at=now),
    )


def _is_there(account: PayoutAccount) -> bool:
    """True where there is an account at Stripe, or one that was asked for."""
    is_made = account.account_id is not None and account.status is not PayoutStatus.CLOSED
    return is_made or account.opening is not None


def _require_something(account: PayoutAccount) -> None:
    """What this key was answered before, where nothing came of it."""
    if not _is_there(account):
        raise PayoutAccountClosed if account.status is PayoutStatus.CLOSED else CountryUnsupported
