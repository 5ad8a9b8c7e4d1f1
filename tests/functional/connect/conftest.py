"""A stage whose Pavel has yet to set up where he is paid."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from callsheet.connect.check_account import check_account
from callsheet.connect.commands import CreateLink, StartOnboarding
from callsheet.connect.converge_account import converge_account
from callsheet.connect.create_link import create_link
from callsheet.connect.deps import ConnectDeps
from callsheet.connect.get_payout_account import get_payout_account
from callsheet.connect.model import PayoutAccount
from callsheet.connect.start_onboarding import start_onboarding
from callsheet.connect.store import stored_account
from callsheet.connect.views import LinkView, OnboardingView, PayoutAccountView
from callsheet.gateways.connect import LinkPurpose
from callsheet.kernel.principal import Principal, Role, system
from callsheet.platform.records import DueItem, EventItem
from tests.support.payouts import APP, FakeConnect, connect_deps
from tests.support.stage import MovedClock, due_items, somebody

URLS = {"return_url": f"{APP}/payouts", "refresh_url": f"{APP}/payouts/again"}
SYSTEM = system("connect.check_account", "c-1")


@dataclass(slots=True)
class Desk:
    """Pavel at the desk, Stripe Connect behind it, and a clock."""

    clock: MovedClock = field(default_factory=MovedClock)
    stripe: FakeConnect = field(init=False)
    deps: ConnectDeps = field(init=False)
    pavel: Principal = field(default_factory=lambda: somebody(Role.PROVIDER))

    def __post_init__(self) -> None:
        self.stripe = FakeConnect(self.clock)
        self.deps = connect_deps(self.clock, self.stripe)

    def start(self, by: Principal | None = None, **changes: str) -> OnboardingView:
        command = StartOnboarding.model_validate({"country": "US", **URLS, **changes})
        return start_onboarding(command, by or self.pavel, self.deps)

    def get(self, by: Principal | None = None) -> PayoutAccountView:
        return get_payout_account(by or self.pavel, self.deps)

    def link(self, purpose: LinkPurpose = LinkPurpose.ONBOARDING, by: Principal | None = None) -> LinkView:
        urls = {} if purpose is LinkPurpose.DASHBOARD else URLS
        return create_link(
            CreateLink.model_validate({"purpose": purpose, **urls}), by or self.pavel, self.deps
        )

    def converge(self) -> None:
        converge_account(self.pavel.id, SYSTEM, self.deps)

    def stored(self) -> PayoutAccount:
        item = stored_account(self.pavel.id)
        assert item is not None
        return item.document

    def account_id(self) -> str:
        account_id = self.stored().account_id
        assert account_id is not None
        return account_id

    def onboarded(self) -> None:
        """Through the form, and known to be."""
        self.start()
        self.stripe.finish_form(self.account_id())
        self.converge()
        self.stripe.calls.clear()

    def advance(self, *, hours: float) -> None:
        """Move the clock and do what has become due."""
        self.clock.moment = self.clock.moment + timedelta(hours=hours)
        for item in due_items(self.clock.now()):
            item.delete()
            self.dispatch(item)

    def dispatch(self, item: DueItem) -> None:
        check_account(item.subject, datetime.fromisoformat(item.due_at), SYSTEM, self.deps)

    def due(self) -> list[DueItem]:
        """Every look that is arranged, however far ahead."""
        return due_items(self.clock.now() + timedelta(days=365))

    def told(self) -> list[tuple[str, object]]:
        """The events so far and their reasons, oldest first."""
        return [
            (item.document.name, item.document.payload.get("reason"))
            for item in EventItem.query(self.pavel.id)
        ]


@pytest.fixture
def desk(tables: None) -> Desk:
    return Desk()
