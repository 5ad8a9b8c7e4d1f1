"""How tests are run: shared out to processes (`-n 4`), where those of the end share two clouds; each with room."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.frames import with_room

# An example that takes long on a busy machine is not wrong.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# What is run in one process, in the bunch of the first beginning that fits. Who kills workers keeps a cloud of its own
# waiting for minutes, and who disturbs webhooks waits as long with it. Templates, and an interpreter that has loaded
# each function, are made once for all who look at them.
_BUNCHES = {
    "tests/e2e/test_killed_workers.py": "waiting",
    "tests/e2e/test_webhooks.py": "waiting",
    "tests/e2e/": "end to end",
    "tests/infra/": "templates",
    "tests/contract/test_import_budget.py": "imports",
}
# Every order and every death of the same few calls. Half their time would go to counting lines that others reach too.
_ENUMERATING = (
    "tests/simulation/",
    "tests/functional/amendments/test_crashes.py",
    "tests/functional/amendments/test_races.py",
    "tests/functional/bookings/test_cancelling_after_a_loss.py",
    "tests/functional/bookings/test_crashes.py",
    "tests/functional/bookings/test_failed_refunds.py",
    "tests/functional/bookings/test_lost_disputes.py",
    "tests/functional/catalogue/test_races.py",
    "tests/functional/documents/test_receipts_of_money.py",
    "tests/functional/search/test_index_histories.py",
    "tests/functional/search/test_index_races.py",
    "tests/functional/wallet/test_cash_outs.py",
)
_ULID = re.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}")


class _TwoClouds(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Every test on its own, but those of the end in two bunches, which take longest and so begin first.

    A cloud waits more than it works: the two and two processes for all else keep two cores busy. What is made once
    for many tests is in one bunch with them.

    Not `--dist loadgroup`: it does nothing with pytest 9.2 (pytest-xdist#1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        fitting = (bunch for beginning, bunch in _BUNCHES.items() if nodeid.startswith(beginning))
        return next(fitting, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return _TwoClouds(config, log)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Ids made while tests are collected differ between processes; the tests' names must not."""
    return _ULID.sub("ULID", val) if isinstance(val, str) and _ULID.search(val) else None


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Calls a test as pytest does, below a frame that leaves room for all others; who enumerates is not measured."""
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    with _unmeasured() if pyfuncitem.nodeid.startswith(_ENUMERATING) else nullcontext():
        with_room(lambda: pyfuncitem.obj(**arguments))
    return True


@contextmanager
def _unmeasured() -> Iterator[None]:
    """No line is counted meanwhile.

    Not by pytest-cov's `no_cover`: in a process of xdist's it stops the inner one of two that count (pytest-cov 7.1).
    """
    counting = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(counting)
