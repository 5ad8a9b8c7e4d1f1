"""Accounts at Stripe Connect, with Stripe's own forms and dashboard (Stripe, "Express connected accounts")."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import stripe

from callsheet.gateways.connect import (
    AccountGone,
    AccountLink,
    AccountOrder,
    AccountRefused,
    ConnectedAccount,
    LinkPurpose,
)
from callsheet.gateways.stripe_client import (
    MISSING,
    RECENT,
    code_of,
    outcome,
    past_a_kept_failure,
    says,
    services,
)

if TYPE_CHECKING:
    from stripe.params import AccountCreateParams, AccountLinkCreateParams, AccountListParamsCreated

_KEY = "account_key"
_ACTIVE = "active"
# What Stripe says of an account that was closed, or belongs to another platform (Stripe, "Error codes").
_GONE = frozenset({MISSING, "account_invalid", "account_closed"})


class StripeConnect:
    """Implements `ConnectGateway`. `http_client` replaces the network in tests."""

    def __init__(self, http_client: stripe.HTTPClient | None = None) -> None:
        self._http = http_client

    def create_account(self, order: AccountOrder) -> ConnectedAccount:
        params = _account_params(order)

        def ask(key: str) -> stripe.Account:
            return self._v1.accounts.create(params, {"idempotency_key": key})

        def find() -> stripe.Account | None:
            recent = self._v1.accounts.list({"limit": RECENT})
            return next((one for one in recent.data if says(one, _KEY, order.key)), None)

        try:
            with outcome():
                return _account_from(past_a_kept_failure(ask, order.key, find))
        except stripe.InvalidRequestError as error:
            if error.param == "country" or error.code == "country_unsupported":
                raise AccountRefused from error
            raise

    def find_account(self, order: AccountOrder, since: datetime, until: datetime) -> ConnectedAccount | None:
        """Stripe filters by creation alone: the accounts of that time are gone through, a hundred a call."""
        made_in: AccountListParamsCreated = {"gte": int(since.timestamp()), "lte": int(until.timestamp())}
        with outcome():
            made = self._v1.accounts.list({"limit": RECENT, "created": made_in}).auto_paging_iter()
            found = next((one for one in made if says(one, _KEY, order.key)), None)
        return None if found is None else _account_from(found)

    def account(self, account_id: str) -> ConnectedAccount:
        with outcome(), _unless_gone():
            return _account_from(self._v1.accounts.retrieve(account_id))

    def form_link(
        self, account_id: str, purpose: LinkPurpose, return_url: str, refresh_url: str
    ) -> AccountLink:
        # `account_update` is for accounts whose platform collects what is due; of these Stripe does, by one form.
        params: AccountLinkCreateParams = {
            "account": account_id,
            "type": "account_onboarding",
            "return_url": return_url,
            "refresh_url": refresh_url,
        }
        if purpose is LinkPurpose.UPDATE:
            params["collection_options"] = {"fields": "eventually_due"}
        with outcome(), _unless_gone():
            link = self._v1.account_links.create(params)
        return AccountLink(url=link.url, expires_at=datetime.fromtimestamp(link.expires_at, UTC))

    def dashboard_link(self, account_id: str) -> AccountLink:
        with outcome(), _unless_gone():
            return AccountLink(url=self._v1.accounts.login_links.create(account_id).url)

    @property
    def _v1(self) -> stripe.V1Services:
        return services(self._http)


@contextmanager
def _unless_gone() -> Iterator[None]:
    try:
        yield
    except (stripe.InvalidRequestError, stripe.PermissionError) as error:
        if code_of(error) in _GONE:
            raise AccountGone from error
        raise


def _account_params(order: AccountOrder) -> "AccountCreateParams":
    """Stripe collects what is due and shows the dashboard; fees and losses are the platform's."""
    return {
        "country": order.country,
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "express"},
        },
        "capabilities": {"transfers": {"requested": True}},
        "metadata": {"user_id": order.user_id, _KEY: order.key},
    }


def _account_from(found: stripe.Account) -> ConnectedAccount:
    due = found.requirements
    return ConnectedAccount(
        id=found.id,
        country=found.country or "",
        default_currency=found.default_currency.upper() if found.default_currency else None,
        # The SDK answers AttributeError for a capability that was never asked for.
        transfers_enabled=getattr(found.capabilities, "transfers", None) == _ACTIVE,
        payouts_enabled=found.payouts_enabled is True,
        details_submitted=found.details_submitted is True,
        currently_due=tuple((due and due.currently_due) or ()),
        past_due=tuple((due and due.past_due) or ()),
        pending_verification=tuple((due and due.pending_verification) or ()),
        disabled_reason=due.disabled_reason if due else None,
        deadline=datetime.fromtimestamp(due.current_deadline, UTC) if due and due.current_deadline else None,
    )
