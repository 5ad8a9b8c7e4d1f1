"""What Callsheet asks of whoever keeps the accounts people are paid into; `gateways/stripe_connect.py` is Stripe."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class AccountRefused(Exception):
    """No account can be made in this country, now or later; none was made."""


class AccountGone(Exception):
    """The account was closed, or was never one of ours."""


class LinkPurpose(StrEnum):
    """Why somebody is sent to the provider of payments."""

    ONBOARDING = "onboarding"  # to say what is due now
    UPDATE = "update"  # to say what will be due, too
    DASHBOARD = "dashboard"  # to look at what was paid, and change where it goes


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOrder:
    """What an account is made from; the same order under the same `key` is the same account."""

    key: str
    user_id: str
    country: str  # ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedAccount:
    """An account as it stands at the provider (Stripe, "Account").

    What is due is named as the provider names it, e.g. `individual.verification.document`; `deadline` is when
    something of it begins to cost the account its abilities.
    """

    id: str
    country: str
    default_currency: str | None = None
    transfers_enabled: bool = False
    payouts_enabled: bool = False
    details_submitted: bool = False
    currently_due: tuple[str, ...] = ()
    past_due: tuple[str, ...] = ()
    pending_verification: tuple[str, ...] = ()
    disabled_reason: str | None = None
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLink:
    """A page of the provider's for one account. Whoever has the address may act on it: it is never kept."""

    url: str
    expires_at: datetime | None = None


class ConnectGateway(Protocol):
    """All raise PaymentsUnavailable where the outcome is not known."""

    def create_account(self, order: AccountOrder) -> ConnectedAccount:
        """Make it, or answer the one that was made under this key within a day. Raises AccountRefused."""
        ...

    def find_account(self, order: AccountOrder, since: datetime, until: datetime) -> ConnectedAccount | None:
        """The account that was made of this order between the two moments, however long ago; None where none was."""
        ...

    def account(self, account_id: str) -> ConnectedAccount:
        """Raises AccountGone."""
        ...

    def form_link(
        self, account_id: str, purpose: LinkPurpose, return_url: str, refresh_url: str
    ) -> AccountLink:
        """The form in which the account's owner says what is due: good for one visit within minutes.

        They come back to `return_url`, or to `refresh_url` where the link is no longer good. Raises AccountGone.
        """
        ...

    def dashboard_link(self, account_id: str) -> AccountLink:
        """For an account whose owner has filled in the form once. Raises AccountGone."""
        ...
