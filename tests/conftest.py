"""How tests are run: shared out to processes (`-n 3`), where those of the end share two clouds; each with room."""

import re

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.frames import with_room

# An example that takes long on a busy machine is not wrong.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

_END_TO_END = "tests/e2e/"
# Who kills workers keeps a cloud of its own waiting for five minutes.
_KILLING = f"{_END_TO_END}test_killed_workers.py"
_ULID = re.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}")


class _TwoClouds(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Every test on its own, but those of the end in two bunches, which are the largest and so begin first.

    A cloud waits more than it works: the two and a third process for all else keep two cores busy.

    Not `--dist loadgroup`: it does nothing with pytest 9.2 (pytest-xdist#1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_KILLING):
            return _KILLING
        return _END_TO_END if nodeid.startswith(_END_TO_END) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return _TwoClouds(config, log)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Ids made while tests are collected differ between processes; the tests' names must not."""
    return _ULID.sub("ULID", val) if isinstance(val, str) and _ULID.search(val) else None


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Calls a test as pytest does, below a frame that leaves room for all others."""
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    with_room(lambda: pyfuncitem.obj(**arguments))
    return True
