"""Whoever writes a document last has read it last: played step by step, with several writers, deaths and all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callsheet.catalogue.for_search import PUBLISHED_SHARDS, profile_key, shown_among
from callsheet.catalogue.store import stored_profile
from callsheet.gateways.typesense_index import TypesenseIndex
from callsheet.kernel.principal import Role, system
from callsheet.platform.read import get_together
from callsheet.search.build_portion import build_portion
from callsheet.search.deps import IndexingDeps
from callsheet.search.documents import people_document
from callsheet.search.index_profiles import index_profiles
from callsheet.search.portions import Portion
from callsheet.search.rebuild_index import rebuild_people
from tests.support.searching import Found, a_profile, documents, indexed
from tests.support.stage import MovedClock, somebody
from tests.support.turns import EngineInTurns, Worker, steps_of_dynamodb

# Of writing one profile: claim, read it, read what stands beside it, remove, put, look back.
BEFORE_REMOVING, BEFORE_PUTTING, BEFORE_LOOKING_BACK = 4, 5, 6
DEPS = IndexingDeps(clock=MovedClock(), engine=EngineInTurns(TypesenseIndex()))

CALLER = system("search.index_profiles")


@pytest.fixture
def pavel(engine: str) -> Found:
    """Is in the index."""
    profile = a_profile()
    indexed(profile)
    return profile


def no_pause(_seconds: float) -> None:
    pass


def a_writer(profile: Found, turns: int = 0) -> Worker:
    """Somebody who writes the profile, and waits before the step of that number."""
    worker = Worker.at(lambda: index_profiles([profile.id], CALLER, DEPS, no_pause))
    for _ in range(turns):
        worker.go_on()
    return worker


def as_stored(*profiles: Found) -> Mapping[str, object]:
    """What the index should have, by DynamoDB."""
    shown = shown_among(get_together([profile_key(profile.id) for profile in profiles]))
    return {profile_id: people_document(one) for profile_id, one in shown.items()}


def test_of_two_who_write_a_profile_the_one_that_read_earlier_does_not_have_the_last_word(
    pavel: Found,
) -> None:
    with steps_of_dynamodb():
        slow = a_writer(pavel, BEFORE_PUTTING)
        pavel.change(title="As it is now")
        a_writer(pavel).finish()
        slow.finish()
    assert slow.error is None
    assert documents() == as_stored(pavel)


def test_a_slow_writer_does_not_bring_back_what_was_unpublished(pavel: Found) -> None:
    with steps_of_dynamodb():
        slow = a_writer(pavel, BEFORE_REMOVING)
        pavel.unpublish()
        a_writer(pavel).finish()
        slow.finish()
    assert documents() == {}


def test_who_dies_after_writing_what_is_old_is_made_good_by_the_message_that_comes_back(engine: str) -> None:
    """Its event is older than what the index has: whoever passed it over for that would leave the old document."""
    pavel = a_profile()
    indexed(pavel)
    with steps_of_dynamodb():
        slow = a_writer(pavel, BEFORE_PUTTING)
        pavel.change(title="As it is now")
        a_writer(pavel).finish()
        slow.go_on()
        slow.die()
        assert documents() != as_stored(pavel)
        a_writer(pavel).finish()
    assert documents() == as_stored(pavel)


def test_two_who_make_the_first_index_at_once_make_one(engine: str) -> None:
    pavel, petra = a_profile(), a_profile("model", "Petra")
    with steps_of_dynamodb():
        first, second = a_writer(pavel), a_writer(petra)
        while not (first.is_done and second.is_done):
            for worker in (first, second):
                if not worker.is_done:
                    worker.go_on()
    assert (first.error, second.error) == (None, None)
    assert documents() == as_stored(pavel, petra)


@dataclass(slots=True)
class History:
    """A profile that changes, a queue that tells of it, and two who take from the queue."""

    profile: Found
    waiting: int = 0
    writers: dict[int, Worker] = field(default_factory=dict)

    def change(self, *, is_published: bool) -> None:
        """Written as it is, without an event: moto copies every item there is for each transaction."""
        item = stored_profile(self.profile.id)
        title = f"Title {item.version}"
        item.document = item.document.model_copy(update={"title": title, "is_published": is_published})
        item.version += 1
        item.save()
        self.waiting += 1

    def turns_of(self, number: int, turns: int) -> None:
        for _ in range(turns):
            if number in self.writers:
                self._turn_of(number)
            elif self.waiting:
                self.waiting -= 1
                self.writers[number] = a_writer(self.profile)

    def death_of(self, number: int) -> None:
        """The queue brings its message again."""
        if number in self.writers:
            self.writers.pop(number).die()
            self.waiting += 1

    def end(self) -> None:
        """A third empties the queue, and then those who are still at work go on, one after the other."""
        while self.writers or self.waiting:
            self.turns_of(2 if self.waiting or 2 in self.writers else min(self.writers), 1)

    def _turn_of(self, number: int) -> None:
        writer = self.writers[number]
        writer.go_on()
        if writer.is_done:
            del self.writers[number]
            self.waiting += writer.error is not None


WHO = st.sampled_from([0, 1])
STEPS = st.one_of(
    st.tuples(st.just("turns"), WHO, st.integers(1, 7)),
    st.tuples(st.just("turns"), WHO, st.integers(1, 7)),
    st.tuples(st.just("change"), st.booleans(), st.none()),
    st.tuples(st.just("death"), WHO, st.none()),
)


def play(history: History, kind: str, who: int, turns: int | None) -> None:
    match kind:
        case "change":
            history.change(is_published=bool(who))
        case "death":
            history.death_of(who)
        case _:
            history.turns_of(who, turns or 1)


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=5, max_size=14))
def test_whatever_the_order_of_changes_writers_and_deaths_the_index_ends_as_dynamodb_is(
    pavel: Found, steps: list[tuple[str, int, int | None]]
) -> None:
    history = History(pavel, waiting=2)
    with steps_of_dynamodb():
        for kind, who, turns in steps:
            play(history, kind, who, turns)
        history.end()
    assert documents() == as_stored(pavel)


def test_a_slow_writer_who_does_not_know_of_a_rebuild_has_not_the_last_word_in_it(pavel: Found) -> None:
    """It read which collections are written before there were two; the rebuild's own reading was older than its."""
    deps = IndexingDeps(clock=MovedClock(), engine=TypesenseIndex())
    with steps_of_dynamodb():
        slow = a_writer(pavel, BEFORE_PUTTING)
        rebuild_people(somebody(Role.ADMIN), deps)
        for shard in range(PUBLISHED_SHARDS):
            build_portion(Portion("people_0002", shard), CALLER, deps)
        pavel.change(title="As it is now")
        a_writer(pavel).finish()
        slow.finish()
    found = {str(document["id"]): document for document in TypesenseIndex().export("people_0002", ())}
    assert found == documents() == as_stored(pavel)
