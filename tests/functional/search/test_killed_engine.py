"""The real engine, killed in the middle of a load."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from callsheet.gateways.guarded_search import GuardedSearch
from callsheet.gateways.search_errors import SearchUnavailable
from callsheet.gateways.typesense_client import forget_engines
from callsheet.gateways.typesense_search import TypesenseSearch
from callsheet.kernel.page import Cursors
from callsheet.platform.circuits import Circuit, CircuitRules
from callsheet.platform.metrics import CircuitName
from callsheet.search.deps import SearchDeps
from callsheet.search.queries import PeopleQuery
from callsheet.search.search_people import search_people
from callsheet.search.views import PeoplePage
from functions.search.index_profiles import handler as index
from local.ports import free_port
from local.programs import typesense
from tests.support.engine import engine_at, pointed_at
from tests.support.searching import a_profile, indexed
from tests.support.stage import MovedClock, somebody

_CLIENTS = 3
_WAIT_SECONDS = 20.0


class Load:
    """Searches one after the other, as fast as they are answered, until it is told to end."""

    def __init__(self) -> None:
        circuit = Circuit(
            CircuitName.SEARCH_ENGINE, SearchUnavailable, CircuitRules(rest_seconds=1, seen_seconds=1)
        )
        self._deps = SearchDeps(
            clock=MovedClock(),
            cursors=lambda: Cursors("secret"),
            engine=GuardedSearch(TypesenseSearch(), circuit),
        )
        self._ended, self._answered = threading.Event(), threading.Condition()
        self.pages: list[PeoplePage] = []

    def run(self) -> None:
        query = PeopleQuery(roles=("photographer",))
        while not self._ended.is_set():
            page = search_people(query, somebody(), self._deps)
            with self._answered:
                self.pages.append(page)
                self._answered.notify_all()

    def wait(self, is_so: Callable[[PeoplePage], bool], times: int = 5) -> None:
        """Until so many further answers are so."""
        with self._answered:
            wanted = len([page for page in self.pages if is_so(page)]) + times
            assert self._answered.wait_for(
                lambda: len([page for page in self.pages if is_so(page)]) >= wanted, _WAIT_SECONDS
            )

    def end(self) -> None:
        self._ended.set()


# What was under way when the engine died, httpcore leaves to the garbage collection to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not typesense.runs_here(), reason="Typesense's binary is for x86-64 Linux")
def test_searches_go_on_while_the_engine_is_killed_and_what_changed_meanwhile_is_found_after(
    tables: None, tmp_path: Path
) -> None:
    port, load = free_port(), Load()
    with ExitStack() as stack:
        alive = stack.enter_context(ExitStack())
        url = alive.enter_context(engine_at(tmp_path, port))
        stack.enter_context(pointed_at(url))
        stack.callback(forget_engines)
        one = a_profile()
        indexed(one)
        pool = stack.enter_context(ThreadPoolExecutor(_CLIENTS))
        stack.callback(load.end)
        clients = [pool.submit(load.run) for _ in range(_CLIENTS)]
        load.wait(lambda page: not page.degraded)

        alive.close()
        load.wait(lambda page: page.degraded)
        other = a_profile("photographer", "Published meanwhile")
        (message, *_) = reversed(other.messages())
        left = index({"Records": [message]}, None)["batchItemFailures"]
        assert left == [{"itemIdentifier": message["messageId"]}], "the queue keeps what could not be written"
        load.wait(lambda page: page.degraded and len(page.items) == 2)

        stack.enter_context(engine_at(tmp_path, port))
        load.wait(lambda page: not page.degraded)
        assert index({"Records": [message]}, None) == {"batchItemFailures": []}
        load.wait(lambda page: not page.degraded and {item.id for item in page.items} == {one.id, other.id})
        load.end()
        for client in clients:
            client.result(_WAIT_SECONDS)
