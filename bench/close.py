"""A generated month, closed day by day through real tables. `python -m bench.close [--bookings N] [--quick]`.

10,000 bookings with 50 differences of five kinds, against DynamoDB and SQS of a MiniStack of its own: exits with 1
where a close misses one, or finds anything else. Then a day, and one of ten times as many: what memory each takes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.request import urlopen

import boto3

from callsheet.closing.deps import BalancingDeps
from callsheet.closing.model import Close, DifferenceKind
from callsheet.closing.run_portion import Portion, run_portion
from callsheet.closing.start_close import start_close
from callsheet.closing.store import differences_on, stored_close
from callsheet.gateways.balance import BalanceTransaction, TransactionPage
from callsheet.gateways.stripe_balance import PAGE
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import system
from callsheet.ledger.store import EntryItem, entry_item
from callsheet.platform.tables import TABLES
from local.place import Place
from local.ports import free_port
from local.programs import ministack
from tests.support.cloud import create_table
from tests.support.forget import forget
from tests.support.month import FIRST, Month, a_month

_TABLES = ("ledger", "closing", "events", "platform")
_START_SECONDS = 30
_CALLER = system("bench.close")


@dataclass(frozen=True, slots=True)
class Clock:
    def now(self) -> datetime:
        return datetime(2026, 5, 1, tzinfo=UTC)


class Balance:
    """Implements `BalanceGateway` out of a generated month; pages as large as Stripe is asked for."""

    def __init__(self, month: Month) -> None:
        self._of_day: dict[date, list[BalanceTransaction]] = defaultdict(list)
        self._of_object: dict[str, list[BalanceTransaction]] = defaultdict(list)
        for one in sorted(month.transactions, key=lambda one: (one.created_at, one.id), reverse=True):
            self._of_day[one.created_at.date()].append(one)
            self._of_object[one.reference].append(one)

    def transactions(self, since: datetime, until: datetime, after: str | None = None) -> TransactionPage:
        assert (until - since).days == 1
        found = self._of_day[since.date()]
        start = 0 if after is None else next(at for at, one in enumerate(found, 1) if one.id == after)
        items = tuple(found[start : start + PAGE])
        return TransactionPage(items, items[-1].id if start + PAGE < len(found) else None)

    def transactions_of(self, reference: str) -> tuple[BalanceTransaction, ...]:
        return tuple(self._of_object.get(reference, ()))

    def balance_minor(self) -> Mapping[str, int]:
        return {}


@dataclass(frozen=True, slots=True)
class Closed:
    """One day's close: what it says, how long it took, and the most memory one of its portions took."""

    close: Close
    seconds: float
    portions: int
    peak_bytes: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.close", description=__doc__)
    parser.add_argument("--bookings", type=int, default=10_000)
    parser.add_argument("--differences", type=int, default=50)
    parser.add_argument("--quick", action="store_true", help="a tenth of both")
    options = parser.parse_args()
    share = 10 if options.quick else 1
    with stage():
        missed = the_month(options.bookings // share, options.differences // share)
    with stage():
        the_days(options.bookings // share // 5)
    return missed


def the_month(bookings: int, differences: int) -> int:
    """Close every day of it; the number of differences that are wrong."""
    month = a_month(bookings, differences)
    load(month)
    deps = _deps(month)
    print(f"{bookings:,} bookings: {len(month.transactions):,} transactions, {len(month.booked):,} entries\n")
    found: list[tuple[str, DifferenceKind]] = []
    days = [closed(day, deps) for day in month.dates()]
    for day in month.dates():
        items, _ = differences_on(day, None, 1000)
        found += [(item.document.reference, item.document.kind) for item in items]
    wrong = set(month.injected.items()).symmetric_difference(found)
    seen = sum(one.close.tally.transactions for one in days), sum(one.close.tally.entries for one in days)
    print(f"seen: {seen[0]:,} transactions, {seen[1]:,} entries in {len(days)} days")
    print(f"carried over midnight: {sum(one.close.tally.carried for one in days):,} objects")
    print(f"differences: {len(found)} found, {len(month.injected)} injected, {len(wrong)} wrong")
    print(f"a day: {sum(one.seconds for one in days) / len(days):.1f} s, ", end="")
    print(f"{max(one.portions for one in days)} portions at most")
    print(f"memory of a portion: {max(one.peak_bytes for one in days) / 1e6:.1f} MB at most\n")
    return len(wrong) + abs(len(found) - len(month.injected))


def the_days(bookings: int) -> None:
    """A day and one ten times as large, in the same tables; what each takes."""
    print(f"{'a day of':<24}{'seconds':>9}{'portions':>10}{'MB at most':>12}")
    for size in (bookings, 10 * bookings):
        month = a_month(size, days=1)
        load(month)
        one = closed(FIRST, _deps(month))
        print(
            f"{one.close.tally.transactions:>8,} transactions{one.seconds:>12.1f}{one.portions:>10}"
            f"{one.peak_bytes / 1e6:>12.2f}"
        )


def closed(day: date, deps: BalancingDeps) -> Closed:
    start_close(day, _CALLER, deps)
    started, portions, peak = time.perf_counter(), 0, 0
    stored = stored_close(day)
    assert stored is not None
    portion = Portion.MOVED
    while portion is Portion.MOVED:
        tracemalloc.start()
        portion = run_portion(day, stored.document.attempt, _CALLER, deps)
        peak = max(peak, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        portions += 1
    seconds, stored = time.perf_counter() - started, stored_close(day)
    assert stored is not None
    return Closed(stored.document, seconds, portions, peak)


def load(month: Month) -> None:
    with EntryItem.batch_write() as batch:
        for booked in month.booked:
            batch.save(entry_item(booked.entry(), booked.at))


@contextmanager
def stage() -> Iterator[None]:
    """Empty tables and a queue, in a MiniStack of its own on the loopback."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        program = ministack.program(Place(Path(folder)), port, enforce_iam=False)
        environment = {**os.environ, **program.environment}
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen(program.command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            _prepare(f"http://127.0.0.1:{port}", program.health_path or "/")
            yield
        finally:
            process.terminate()
            process.wait(10)
            forget()


def _prepare(endpoint: str, health_path: str) -> None:
    os.environ |= {
        **ministack.CREDENTIALS,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": ministack.REGION,
        "AWS_DEFAULT_REGION": ministack.REGION,
        "STAGE": "test",
        **{f"TABLE_{name.upper()}": f"callsheet-test-{name}" for name in _TABLES},
    }
    _wait_for(endpoint + health_path)
    forget()
    dynamodb = boto3.client("dynamodb")
    for spec in TABLES:
        if spec.name in _TABLES:
            create_table(dynamodb, spec)
    queue = boto3.client("sqs").create_queue(QueueName="portions")["QueueUrl"]
    os.environ["QUEUE_CLOSING_RUN_PORTION"] = queue


def _wait_for(url: str) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            with urlopen(url, timeout=1):  # noqa: S310 - the loopback
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _deps(month: Month) -> BalancingDeps:
    return BalancingDeps(clock=Clock(), cursors=lambda: Cursors("bench"), balance=Balance(month))


if __name__ == "__main__":
    sys.exit(main())
