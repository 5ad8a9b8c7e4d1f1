"""Payouts pass while no day differs, and a gate that shuts stops what was about to pass."""

from collections.abc import Callable
from functools import partial

import pytest

from callsheet.ledger.payout_gate import PayoutsPaused, check_open, gate_key, reopen, shut, shut_by
from callsheet.ledger.post import post
from callsheet.ledger.store import entries_of
from callsheet.platform.read import get_together
from callsheet.platform.transaction import Transaction
from tests.functional.ledger.test_ledger import an_entry
from tests.functional.platform.test_transaction import CALLER, NOW

pytestmark = pytest.mark.usefixtures("tables")


def committed(*steps: Callable[[Transaction], None]) -> None:
    txn = Transaction(CALLER, NOW)
    for step in steps:
        step(txn)
    txn.commit()


def days() -> frozenset[str]:
    (item,) = get_together([gate_key()])
    return shut_by(item)


def test_a_gate_that_nobody_has_shut_is_open() -> None:
    assert days() == frozenset()
    committed(check_open, lambda txn: post(txn, an_entry(), NOW))
    assert len(entries_of("bkg_1")) == 1


def test_nothing_passes_a_shut_gate_and_nothing_has_changed() -> None:
    committed(lambda txn: shut(txn, "2026-11-24"))
    with pytest.raises(PayoutsPaused):
        committed(check_open, lambda txn: post(txn, an_entry(), NOW))
    assert entries_of("bkg_1") == []
    assert days() == {"2026-11-24"}


def test_it_opens_when_the_last_of_the_days_that_shut_it_is_mended() -> None:
    for day in ("2026-11-23", "2026-11-24", "2026-11-24"):
        committed(partial(shut, day=day))
    committed(lambda txn: reopen(txn, "2026-11-24"))
    assert days() == {"2026-11-23"}
    with pytest.raises(PayoutsPaused):
        committed(check_open)
    committed(lambda txn: reopen(txn, "2026-11-23"))
    assert days() == frozenset()
    committed(check_open, lambda txn: post(txn, an_entry(), NOW))


def test_a_day_that_never_shut_it_may_reopen_it() -> None:
    committed(lambda txn: reopen(txn, "2026-11-24"))
    assert days() == frozenset()
