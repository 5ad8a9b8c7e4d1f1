"""Finance's office: books, Stripe's balance, a clock, and closes that run as the queue would have them run.

office.captured("ch_1", 10_000, fee=320)
office.at_stripe("ch_1", 10_000, fee=320)
assert office.closed().status is CloseStatus.CLEAN
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from callsheet.closing.deps import BalancingDeps
from callsheet.closing.get_close import get_close
from callsheet.closing.model import Adjustment, Close, CloseReport, Difference, ProposeAdjustment
from callsheet.closing.propose_adjustment import propose_adjustment
from callsheet.closing.run_portion import BUDGET, Portion, run_portion
from callsheet.closing.start_close import start_close
from callsheet.closing.store import stored_close
from callsheet.gateways.balance import BalanceTransaction
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.page import Cursors, PageQuery
from callsheet.kernel.principal import Principal, Role, system
from callsheet.ledger.accounts import FEES_DEFERRED, PROCESSING, STRIPE_CASH
from callsheet.ledger.model import Entry, Posting
from callsheet.ledger.payout_gate import gate_key, shut_by
from callsheet.ledger.post import post_all
from callsheet.platform.read import get_together
from callsheet.platform.records import DueItem, EventItem
from callsheet.platform.transaction import Transaction
from tests.functional.payments.webhooks import queued
from tests.support.books import FakeBalance
from tests.support.stage import due_items

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_MOST_PORTIONS = 50


@dataclass(slots=True)
class MovedClock:
    at: datetime = NOON + timedelta(hours=18)

    def now(self) -> datetime:
        return self.at


def _finance() -> Principal:
    return Principal(new_id("usr"), roles=frozenset({Role.FINANCE}), correlation_id=new_id("cor"))


@dataclass(slots=True)
class Office:
    queue: str
    clock: MovedClock = field(default_factory=MovedClock)
    balance: FakeBalance = field(default_factory=FakeBalance)
    fiona: Principal = field(default_factory=_finance)
    frank: Principal = field(default_factory=_finance)
    caller: Principal = field(default_factory=lambda: system("closing.run_portion", new_id("cor")))

    @property
    def deps(self) -> BalancingDeps:
        return BalancingDeps(clock=self.clock, cursors=lambda: Cursors("secret"), balance=self.balance)

    def at_stripe(
        self, source: str | None, minor: int, *, fee: int = 0, at: datetime = NOON, currency: str = "USD"
    ) -> BalanceTransaction:
        made = BalanceTransaction(
            id=f"txn_{len(self.balance.booked)}",
            type="charge",
            source=source,
            amount=Money.of(minor, currency),
            fee=Money.of(fee, currency),
            created_at=at,
        )
        self.balance.booked.append(made)
        return made

    def captured(
        self, source: str, minor: int, *, fee: int = 0, at: datetime = NOON, currency: str = "USD",
        subject: str | None = None,
    ) -> str:  # fmt: skip
        """Two entries of one charge, in one transaction; the booking they belong to."""
        booking = subject or new_id("bkg")
        entries = [_entry(booking, "capture", source, FEES_DEFERRED, Money.of(minor, currency))]
        if fee:
            entries.append(_entry(booking, "processing", source, PROCESSING, Money.of(-fee, currency)))
        txn = Transaction(self.caller, at)
        post_all(txn, entries, at)
        txn.commit()
        return booking

    def agreed(self, source: str, minor: int = 10_000, *, fee: int = 320, at: datetime = NOON) -> None:
        self.captured(source, minor, fee=fee, at=at)
        self.at_stripe(source, minor, fee=fee, at=at)

    def start(self, day: date = DAY) -> Close:
        return start_close(day, self.caller, self.deps)

    def run(self, day: date = DAY, portion: Callable[[Close], Portion] | None = None) -> None:
        """What the queue does with the messages that are in it, until there are none."""
        for _ in range(_MOST_PORTIONS):
            messages = queued(self.queue)
            if not messages:
                return
            for _message in messages:
                close = self.close(day)
                (portion or self.portion)(close)
        raise AssertionError("the run never ends")

    def portion(self, close: Close, budget: int = BUDGET) -> Portion:
        return run_portion(close.day, close.attempt, self.caller, self.deps, budget)

    def closed(self, day: date = DAY) -> Close:
        """Close a day from beginning to end."""
        self.start(day)
        self.run(day)
        return self.close(day)

    def closed_with(self, deps: BalancingDeps, day: date) -> Close:
        """The same against another Stripe."""
        close = start_close(day, self.caller, deps)
        while run_portion(day, close.attempt, self.caller, deps) is Portion.MOVED:
            continue
        return self.close(day)

    def close(self, day: date = DAY) -> Close:
        stored = stored_close(day)
        assert stored is not None
        return stored.document

    def report(self, day: date = DAY) -> CloseReport:
        return get_close(day.isoformat(), PageQuery(limit=100), self.deps)

    def differences(self, day: date = DAY) -> dict[str, Difference]:
        return {one.reference: one for one in self.report(day).items}

    def adjust(
        self, reference: str, account: str = PROCESSING, by: Principal | None = None, day: date = DAY
    ) -> Adjustment:
        command = ProposeAdjustment(reference=reference, account=account, reason="Fee of a card from abroad")
        return propose_adjustment(day.isoformat(), command, by or self.fiona, self.deps)

    def shut_by(self) -> frozenset[str]:
        (gate,) = get_together([gate_key()])
        return shut_by(gate)

    def told(self, day: date = DAY) -> list[str]:
        return [item.document.name for item in EventItem.query(day.isoformat())]

    def due(self) -> list[DueItem]:
        return due_items(self.clock.now())


def _entry(subject: str, cause: str, reference: str, account: str, cash: Money) -> Entry:
    lines = ((STRIPE_CASH, cash), (account, -cash))
    postings = tuple(Posting(account=name, amount=amount) for name, amount in lines)
    return Entry(subject=subject, cause=f"{cause}:{reference}", reference=reference, postings=postings)
