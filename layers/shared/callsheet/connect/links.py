"""Sends the owner of a payout account to Stripe's pages, and makes sure that they come back to ours."""

from callsheet.connect.deps import ConnectDeps
from callsheet.connect.errors import PayoutAccountClosed, PayoutAccountRejected, ReturnUrlNotAllowed
from callsheet.connect.model import PayoutStatus
from callsheet.connect.recording import record_closed
from callsheet.connect.rules import is_ours
from callsheet.connect.store import PayoutAccountItem
from callsheet.connect.views import LinkView, link_view_of
from callsheet.gateways.connect import AccountGone, LinkPurpose
from callsheet.kernel.principal import Principal


def check_urls(deps: ConnectDeps, *urls: str) -> None:
    """Raises ReturnUrlNotAllowed for one that leads anywhere but to the app."""
    origins = deps.app_origins()
    if not all(is_ours(url, origins) for url in urls):
        raise ReturnUrlNotAllowed(extra={"origins": list(origins)})


def form_link(
    stored: PayoutAccountItem,
    purpose: LinkPurpose,
    urls: tuple[str, str],
    caller: Principal,
    deps: ConnectDeps,
) -> LinkView:
    """A fresh link to the form; `urls` are those to come back to and to ask for another link at.

    Raises PayoutAccountRejected, PayoutAccountClosed and PaymentsUnavailable.
    """
    _require_open(stored)
    try:
        return link_view_of(deps.accounts.form_link(_account_id(stored), purpose, *urls))
    except AccountGone as error:
        record_closed(stored, caller, deps.clock.now())
        raise PayoutAccountClosed from error


def dashboard_link(stored: PayoutAccountItem, caller: Principal, deps: ConnectDeps) -> LinkView:
    """Raises PayoutAccountClosed and PaymentsUnavailable."""
    try:
        return link_view_of(deps.accounts.dashboard_link(_account_id(stored)))
    except AccountGone as error:
        record_closed(stored, caller, deps.clock.now())
        raise PayoutAccountClosed from error


def _require_open(stored: PayoutAccountItem) -> None:
    if stored.document.status is PayoutStatus.REJECTED:
        raise PayoutAccountRejected


def _account_id(stored: PayoutAccountItem) -> str:
    account_id = stored.document.account_id
    if account_id is None or stored.document.status is PayoutStatus.CLOSED:
        raise PayoutAccountClosed
    return account_id
