"""Payout accounts: of providers who have been through Stripe's form, and a Stripe Connect in memory.

onboarded(pavel, clock)
connect = FakeConnect()
connect.change("acct_1", transfers_enabled=True, payouts_enabled=True)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from callsheet.connect.deps import ConnectDeps
from callsheet.connect.model import PayoutAccount, PayoutStatus
from callsheet.connect.store import add_account, remember_owner
from callsheet.gateways.connect import (
    AccountGone,
    AccountLink,
    AccountOrder,
    AccountRefused,
    ConnectedAccount,
    ConnectGateway,
    LinkPurpose,
)
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.clock import Clock
from callsheet.kernel.principal import Principal
from callsheet.platform.transaction import Transaction

APP = "https://app.callsheet.test"
KEY_KEPT = timedelta(hours=24)
_LINK_LIVES = timedelta(minutes=5)


def onboarded(user: Principal, clock: Clock, account_id: str | None = None) -> PayoutAccount:
    """The account of somebody who can be paid; `account_id` is Stripe's, where it matters."""
    now = clock.now()
    account = PayoutAccount(
        user_id=user.id,
        country="US",
        created_at=now,
        openings=1,
        status=PayoutStatus.ACTIVE,
        account_id=account_id or f"acct_{user.id.removeprefix('usr_')}",
        default_currency="USD",
        transfers_enabled=True,
        payouts_enabled=True,
        details_submitted=True,
        looked_at=now,
    )
    txn = Transaction(user, now)
    add_account(txn, account)
    remember_owner(txn, account.account_id or "", user.id)
    txn.commit()
    return account


def connect_deps(clock: Clock, accounts: ConnectGateway) -> ConnectDeps:
    return ConnectDeps(clock=clock, accounts=accounts, app_origins=lambda: (APP,))


@dataclass(slots=True)
class FakeConnect:
    """Implements `ConnectGateway`: accounts as Stripe makes them, with everything due. Every call is counted.

    Keys are forgotten after a day, as Stripe's are.
    """

    clock: Clock
    calls: list[str] = field(default_factory=list)
    accounts: dict[str, ConnectedAccount] = field(default_factory=dict)
    made: list[tuple[AccountOrder, str, datetime]] = field(default_factory=list)
    refused_countries: frozenset[str] = frozenset()
    is_away: bool = False
    loses_answers: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def create_account(self, order: AccountOrder) -> ConnectedAccount:
        self._called("create_account")
        if order.country in self.refused_countries:
            raise AccountRefused
        now = self.clock.now()
        for known, account_id, at in self.made:
            if known.key == order.key and at + KEY_KEPT > now:
                assert known == order, "the same key came with another order"
                return self.accounts[account_id]
        account_id = f"acct_{next(self._numbers)}"
        self.made.append((order, account_id, now))
        self.accounts[account_id] = ConnectedAccount(
            id=account_id,
            country=order.country,
            default_currency="USD",
            currently_due=("external_account", "individual.first_name", "tos_acceptance.date"),
            past_due=("external_account",),
            disabled_reason="requirements.past_due",
        )
        if self.loses_answers:
            raise PaymentsUnavailable
        return self.accounts[account_id]

    def find_account(self, order: AccountOrder, since: datetime, until: datetime) -> ConnectedAccount | None:
        self._called("find_account")
        for known, account_id, at in self.made:
            if known.key == order.key and since <= at <= until:
                return self.accounts[account_id]
        return None

    def account(self, account_id: str) -> ConnectedAccount:
        self._called("account")
        return self._found(account_id)

    def form_link(
        self, account_id: str, purpose: LinkPurpose, return_url: str, refresh_url: str
    ) -> AccountLink:
        self._called(f"form_link:{purpose}")
        self._found(account_id)
        url = f"https://connect.stripe.com/setup/e/{account_id}/{len(self.calls)}"
        return AccountLink(url=url, expires_at=self.clock.now() + _LINK_LIVES)

    def dashboard_link(self, account_id: str) -> AccountLink:
        self._called("dashboard_link")
        assert self._found(account_id).details_submitted
        return AccountLink(url=f"https://connect.stripe.com/express/{account_id}/{len(self.calls)}")

    # What happens at Stripe without us.

    def finish_form(self, account_id: str) -> None:
        """The owner has said all there is to say."""
        self.change(
            account_id, details_submitted=True, transfers_enabled=True, payouts_enabled=True,
            currently_due=(), past_due=(), disabled_reason=None,
        )  # fmt: skip

    def change(self, account_id: str, **fields: object) -> None:
        self.accounts[account_id] = replace(self.accounts[account_id], **fields)  # type: ignore[arg-type]  # a test's own

    def close_account(self, account_id: str) -> None:
        del self.accounts[account_id]

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.is_away:
            raise PaymentsUnavailable

    def _found(self, account_id: str) -> ConnectedAccount:
        if account_id not in self.accounts:
            raise AccountGone
        return self.accounts[account_id]
