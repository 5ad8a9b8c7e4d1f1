"""Wallets as they are stored, and what must hold of them after every step."""

from collections import Counter

from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import Principal, Role, system
from callsheet.ledger.accounts import BANK, STRIPE_CASH, WALLET_HELD
from callsheet.ledger.model import Entry
from callsheet.ledger.post import post
from callsheet.platform.transaction import Transaction
from callsheet.users.deps import UsersDeps
from callsheet.users.get_me import get_me
from callsheet.wallet.credit_wallet import credit_wallet
from callsheet.wallet.deps import WalletDeps
from callsheet.wallet.lines import Line
from callsheet.wallet.model import CreditKind, CreditWallet, LineView
from callsheet.wallet.movements import BalanceItem, LineItem
from local.stripe_sim.ledger import book
from tests.support.at_stripe import StripeStage
from tests.support.stage import MovedClock, Stage, somebody
from tests.support.truths import balances, everything


def wallet_deps(clock: MovedClock) -> WalletDeps:
    return WalletDeps(clock=clock, cursors=lambda: Cursors("secret"))


def credit(
    stage: Stage, minor: int, kind: CreditKind = CreditKind.GOODWILL, by: Principal | None = None
) -> LineView:
    """Support gives Carla so much, in US cents."""
    get_me(stage.carla, UsersDeps(clock=stage.clock))
    command = CreditWallet(
        user_id=stage.carla.user_id, amount=Money.of(minor, "USD"), kind=kind, reason="The light failed"
    )
    return credit_wallet(command, by or somebody(Role.SUPPORT), wallet_deps(stage.clock))


def balance_minor(user_id: str, currency: str = "USD") -> int:
    """What the balance item says; nothing where there is none."""
    return wallet_balances().get((user_id, currency), 0)


def wallet_balances() -> dict[tuple[str, str], int]:
    found = everything(BalanceItem, "BALANCE#")
    return {(item.pk, item.sk.removeprefix("BALANCE#")): item.balance for item in found}


def wallet_lines(user_id: str) -> list[Line]:
    """The oldest first."""
    lines = [item for item in everything(LineItem, "LINE#") if item.pk == user_id]
    return [item.document for item in sorted(lines, key=lambda item: item.moment_key)]


def check_wallets() -> None:
    """Of each wallet the lines, the balance and the ledger say the same, which is never less than nothing."""
    sums: Counter[tuple[str, str]] = Counter()
    for item in everything(LineItem, "LINE#"):
        sums[item.pk, item.document.amount.currency] += item.document.amount.amount_minor
    kept = {wallet: minor for wallet, minor in wallet_balances().items() if minor}
    assert kept == {wallet: minor for wallet, minor in sums.items() if minor}, "lines are not the balance"
    assert min(kept.values(), default=0) >= 0, "a wallet is overdrawn"
    ledger = {
        (account.name.removeprefix("wallet:"), account.currency): -minor
        for account, minor in balances().items()
        if account.name.startswith("wallet:") and minor
    }
    assert kept == ledger, "the ledger has another balance"
    assert held_minor() >= 0, "more was given back or passed on than was kept"


def held_minor() -> int:
    """What is kept for bookings that nobody has accepted yet."""
    return -sum(minor for account, minor in balances().items() if account.name == WALLET_HELD)


def fund(stage: StripeStage, minor: int) -> None:
    """The platform lays money of its own at Stripe: credit is no charge whose money could be passed on."""
    top_up, amount = new_id("top"), Money.of(minor, "USD")
    book(stage.world, "topup", top_up, minor, "usd", available_on=stage.world.timestamp())
    txn = Transaction(system("finance"), stage.clock.now())
    lines = ((STRIPE_CASH, amount), (BANK, -amount))
    post(txn, Entry.of(top_up, "topup", *lines, reference=top_up), stage.clock.now())
    txn.commit()
