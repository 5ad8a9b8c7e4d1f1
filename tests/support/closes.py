"""Every day on which money moved, closed against the simulator's balance."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import boto3

from callsheet.closing.deps import BalancingDeps, ClosingDeps
from callsheet.closing.get_close import get_close
from callsheet.closing.model import Close, CloseStatus, DifferenceKind
from callsheet.closing.run_portion import Portion, run_portion
from callsheet.closing.start_close import start_close
from callsheet.closing.store import stored_close
from callsheet.gateways.stripe_balance import StripeBalance
from callsheet.kernel.page import Cursors, PageQuery
from callsheet.kernel.principal import system
from callsheet.ledger.payout_gate import gate_key, shut_by
from callsheet.ledger.store import EntryItem
from callsheet.platform.read import get_together
from local.stripe_sim.shapes import whole_of
from tests.support.at_stripe import StripeStage
from tests.support.truths import everything

_NOTHING: Mapping[str, int] = {}


def close_every_day(stage: StripeStage, by_hand: Mapping[str, int] = _NOTHING) -> None:
    """No day of either side differs, but for refunds made by hand: each is missing from the books, and shuts the gate.

    `by_hand` are the amounts by Stripe's ids. The last close says that both balances are the same but for those.
    """
    stage.clock.moment += timedelta(days=2)
    url = boto3.client("sqs").create_queue(QueueName="run-portion")["QueueUrl"]
    found: dict[str, int] = {}
    with patch.dict(os.environ, {"QUEUE_CLOSING_RUN_PORTION": url}):
        for day in _days(stage):
            close = _closed(stage, day)
            missing = _missing(stage, day)
            assert (close.status, close.open) == (
                CloseStatus.DIFFERING if missing else CloseStatus.CLEAN,
                len(missing),
            ), close
            unheard = -sum(by_hand.values())
            assert all(line.stripe_minor == line.ledger_minor + unheard for line in close.balances), close
            found |= missing
    assert found == dict(by_hand)
    (gate,) = get_together([gate_key()])
    assert bool(shut_by(gate)) is bool(by_hand), (
        "payouts leave while the books differ, or wait while they do not"
    )


def _missing(stage: StripeStage, day: date) -> dict[str, int]:
    """What a day's close has found at Stripe and not in the ledger, as what has gone."""
    report = get_close(
        day.isoformat(),
        PageQuery(limit=100),
        ClosingDeps(clock=stage.clock, cursors=lambda: Cursors("secret")),
    )
    assert {one.kind for one in report.items} <= {DifferenceKind.MISSING}, report
    return {one.reference: -sum(part.amount_minor for part in one.stripe) for one in report.items}


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
