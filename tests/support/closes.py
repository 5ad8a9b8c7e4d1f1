"""Every day on which money moved, closed against the simulator's balance."""

import os
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import boto3

from callsheet.closing.deps import BalancingDeps
from callsheet.closing.model import Close, CloseStatus
from callsheet.closing.run_portion import Portion, run_portion
from callsheet.closing.start_close import start_close
from callsheet.closing.store import stored_close
from callsheet.gateways.stripe_balance import StripeBalance
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import system
from callsheet.ledger.store import EntryItem
from local.stripe_sim.shapes import whole_of
from tests.support.at_stripe import StripeStage
from tests.support.truths import everything


def close_every_day(stage: StripeStage) -> None:
    """No day of either side differs; the last close says that both balances are the same."""
    stage.clock.moment += timedelta(days=2)
    url = boto3.client("sqs").create_queue(QueueName="run-portion")["QueueUrl"]
    with patch.dict(os.environ, {"QUEUE_CLOSING_RUN_PORTION": url}):
        for day in _days(stage):
            close = _closed(stage, day)
            assert (close.status, close.open) == (CloseStatus.CLEAN, 0), close
            assert all(line.stripe_minor == line.ledger_minor for line in close.balances), close


def _days(stage: StripeStage) -> list[date]:
    moved = stage.world.kept("balance_transaction").values()
    there = {datetime.fromtimestamp(whole_of(one, "created"), UTC).date() for one in moved}
    return sorted(there | {item.document.posted_at.date() for item in everything(EntryItem, "ENTRY#")})


def _closed(stage: StripeStage, day: date) -> Close:
    caller = system("closing.run_portion")
    deps = BalancingDeps(
        clock=stage.clock, cursors=lambda: Cursors("secret"), balance=StripeBalance(stage.stripe)
    )
    close = start_close(day, caller, deps)
    while run_portion(day, close.attempt, caller, deps) is Portion.MOVED:
        continue
    stored = stored_close(day)
    assert stored is not None
    return stored.document
