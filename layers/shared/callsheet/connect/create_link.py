"""The caller goes to Stripe's pages: to the form, or to the dashboard."""

from callsheet.connect.commands import CreateLink
from callsheet.connect.deps import ConnectDeps
from callsheet.connect.errors import DashboardNotReady
from callsheet.connect.get_payout_account import own_account
from callsheet.connect.links import check_urls, dashboard_link, form_link
from callsheet.connect.opening import finish_opening
from callsheet.connect.recording import watched
from callsheet.connect.rules import is_seldom_looked_at
from callsheet.connect.store import PayoutAccountItem, save_account
from callsheet.connect.views import LinkView
from callsheet.gateways.connect import LinkPurpose
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def create_link(command: CreateLink, caller: Principal, deps: ConnectDeps) -> LinkView:
    """A link of its own with each call: one is good once, for minutes.

    Raises PayoutAccountNotFound, ReturnUrlNotAllowed, DashboardNotReady before the form was filled in once,
    PayoutAccountRejected, PayoutAccountClosed.
    """
    urls = command.urls
    check_urls(deps, *urls)
    stored = decided_anew(lambda: _opened(command, caller, deps))
    match urls:
        case (return_url, refresh_url):
            return form_link(stored, command.purpose, (return_url, refresh_url), caller, deps)
        case _:
            return dashboard_link(stored, caller, deps)


def _opened(command: CreateLink, caller: Principal, deps: ConnectDeps) -> PayoutAccountItem:
    stored = own_account(caller)
    finish_opening(stored, caller, deps)
    if command.purpose is LinkPurpose.DASHBOARD:
        if not stored.document.details_submitted:
            raise DashboardNotReady
    else:
        watch_anew(stored, caller, deps)
    return stored


def watch_anew(stored: PayoutAccountItem, caller: Principal, deps: ConnectDeps) -> None:
    """Somebody is about to fill in the form: look soon again, where looks have become rare."""
    account = stored.document
    if is_seldom_looked_at(account):
        txn = Transaction(caller, deps.clock.now())
        save_account(txn, stored, watched(txn, account, deps.clock.now()))
        txn.commit()
