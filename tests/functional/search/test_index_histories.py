"""Random histories of an index: changes, messages that come twice and in any order, several workers, deaths, rebuilds.

Each step is a call to DynamoDB or to the engine, and which worker takes the next one is part of the history. In the end
the queue and the deadlines run dry, and the index is what DynamoDB says. A dozen in `make test`, five hundred in
`make nightly`; `INDEX_HISTORIES` says how many.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callsheet.gateways.typesense_index import TypesenseIndex
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.principal import Role, system
from callsheet.platform.records import DueItem
from callsheet.search.build_portion import build_portion
from callsheet.search.converge_index import converge_people
from callsheet.search.deps import IndexingDeps
from callsheet.search.finish_rebuild import finish_rebuild
from callsheet.search.index_profiles import index_profiles
from callsheet.search.portions import BUILD, Portion
from callsheet.search.rebuild_index import rebuild_people
from callsheet.search.schemas import Kind
from callsheet.search.store import stored_index
from tests.functional.search.test_index_races import as_stored
from tests.support.searching import Found, a_profile, documents, indexed
from tests.support.stage import MovedClock, due_items, somebody
from tests.support.turns import EngineInTurns, Worker, steps_of_dynamodb

HISTORIES = int(os.environ.get("INDEX_HISTORIES", "12"))
DEPS = IndexingDeps(clock=MovedClock(), engine=EngineInTurns(TypesenseIndex()))
CALLER = system("search.index_profiles")
PROFILES, WORKERS = 2, 2
_LONG = 5_000


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker takes: it comes back where the worker dies or does not manage, but for the nightly check."""

    work: Callable[[], object]
    comes_back: bool = True


@dataclass(slots=True)
class World:
    """Profiles, what waits, and who is at work."""

    profiles: Sequence[Found]
    waiting: list[Job] = field(default_factory=list)
    at_work: dict[int, tuple[Worker, Job]] = field(default_factory=dict)

    def tell(self, *which: int) -> None:
        """A message names these; the one before may not have been taken yet."""
        ids = sorted({self.profiles[one].id for one in which})
        self.waiting.append(Job(lambda: index_profiles(ids, CALLER, DEPS, lambda _seconds: None)))

    def change(self, which: int, title: str) -> None:
        self.profiles[which].change(title=title)
        self.tell(which)

    def show(self, which: int, *, is_shown: bool) -> None:
        profile = self.profiles[which]
        with suppress(CallsheetError):  # it is so already
            profile.publish() if is_shown else profile.unpublish()
        self.tell(which)

    def rebuild(self) -> None:
        with suppress(CallsheetError):  # one is under way
            rebuild_people(somebody(Role.ADMIN), IndexingDeps(clock=DEPS.clock, engine=TypesenseIndex()))

    def sweep(self) -> None:
        """Whatever is due is put into a queue, and is due no more."""
        for item in due_items(DEPS.clock.now()):
            item.delete()
            self.waiting.append(_due(item))

    def check(self) -> None:
        self.waiting.append(Job(lambda: converge_people(CALLER, DEPS), comes_back=False))

    def turns(self, number: int, turns: int) -> None:
        for _ in range(turns):
            if number in self.at_work:
                self._turn(number)
            elif self.waiting:
                job = self.waiting.pop(0)
                self.at_work[number] = (Worker.at(job.work), job)

    def death(self, number: int) -> None:
        if number in self.at_work:
            worker, job = self.at_work.pop(number)
            worker.die()
            self.waiting.extend([job] * job.comes_back)

    def end(self) -> None:
        """One more empties the queue first: nobody mends what those leave who go on last, one after the other."""
        for _ in range(_LONG):
            self.sweep()
            if self.waiting or WORKERS in self.at_work:
                self.turns(WORKERS, 1)
            elif self.at_work:
                self.turns(min(self.at_work), 1)
            else:
                return
        raise AssertionError("They are never done")

    def _turn(self, number: int) -> None:
        worker, job = self.at_work[number]
        worker.go_on()
        if worker.is_done:
            del self.at_work[number]
            self.waiting.extend([job] * (job.comes_back and worker.error is not None))


def _due(item: DueItem) -> Job:
    subject = item.subject
    if item.kind == BUILD:
        return Job(lambda: build_portion(Portion.of(subject), CALLER, DEPS))
    return Job(lambda: finish_rebuild(subject, CALLER, DEPS))


WHICH, WHO = st.integers(0, PROFILES - 1), st.integers(0, WORKERS - 1)
TURNS = st.tuples(st.just("turns"), WHO, st.integers(1, 9))
STEPS = st.one_of(
    *[TURNS] * 4,
    *[st.tuples(st.just("change"), WHICH, st.sampled_from(["Portraits", "Weddings"]))] * 2,
    st.tuples(st.just("show"), WHICH, st.booleans()),
    st.tuples(st.just("tell again"), WHICH, WHICH),
    st.tuples(st.just("death"), WHO, st.none()),
    st.tuples(st.sampled_from(["rebuild", "sweep", "sweep", "check"]), st.none(), st.none()),
)


def play(world: World, step: tuple[str, int | None, object]) -> None:
    match step:
        case ("turns", int(number), int(turns)):
            world.turns(number, turns)
        case ("change", int(which), str(title)):
            world.change(which, title)
        case ("show", int(which), bool(is_shown)):
            world.show(which, is_shown=is_shown)
        case ("tell again", int(which), int(also)):
            world.tell(which, also)
        case ("death", int(number), None):
            world.death(number)
        case ("rebuild", None, None):
            world.rebuild()
        case ("sweep", None, None):
            world.sweep()
        case _:
            world.check()


@pytest.fixture
def profiles(engine: str) -> Sequence[Found]:
    found = (a_profile(), a_profile("model", "Petra"))
    indexed(*found)
    return found


@settings(
    max_examples=HISTORIES,
    deadline=None,
    database=None,
    derandomize="INDEX_HISTORIES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(STEPS, min_size=10, max_size=30))
def test_whatever_happens_at_once_the_index_ends_as_dynamodb_is(
    profiles: Sequence[Found], steps: list[tuple[str, int | None, object]]
) -> None:
    world = World(profiles)
    with steps_of_dynamodb():
        for step in steps:
            play(world, step)
        world.end()
    index = stored_index(Kind.PEOPLE).document
    assert (index.building, index.retired) == (None, None)
    assert TypesenseIndex().aliased("people") == index.live
    assert documents() == as_stored(*profiles)
