"""Whoever has saved a search is told of profiles that answer it, of each once, whatever comes twice or late."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

import pytest

from callsheet.gateways.searching import Ask
from callsheet.gateways.searching import Found as Hits
from callsheet.gateways.typesense_search import TypesenseSearch
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal, Role, system
from callsheet.notifications.store import NotificationItem
from callsheet.platform.records import EventItem
from callsheet.platform.stale import Stale
from callsheet.search.delete_saved_search import delete_saved_search
from callsheet.search.deps import MatchingDeps, SavedDeps
from callsheet.search.index_profiles import index_profiles
from callsheet.search.match_saved_searches import match_saved_searches
from callsheet.search.matching import ALERT_SHARDS, MATCH, Matching
from callsheet.search.save_search import save_search
from callsheet.search.saved import SaveSearch, UpdateSavedSearch
from callsheet.search.saved_store import Alert, AlertItem, alert_key
from callsheet.search.update_saved_search import update_saved_search
from callsheet.wiring import indexing
from tests.functional.notifications.news import deliver, message_of
from tests.support.crashes import Died, Steps
from tests.support.meanwhile import Meanwhile
from tests.support.searching import Found, a_draft, a_profile, indexed
from tests.support.stage import MovedClock, due_items, somebody

CALLER = system("search.match_saved_searches")
LATE = datetime(2999, 1, 1, tzinfo=UTC)  # whatever is due by then
SEATTLE = {"city": "Seattle", "country": "US", "latitude": 47.61, "longitude": -122.33}


@dataclass(slots=True)
class Counted(TypesenseSearch):
    """Says how many searches each call was made of."""

    asked: list[int] = field(default_factory=list)

    def search(self, asks: Sequence[Ask]) -> Sequence[Hits]:
        self.asked.append(len(asks))
        return TypesenseSearch().search(asks)


def deps(engine: TypesenseSearch | None = None) -> MatchingDeps:
    return MatchingDeps(clock=MovedClock(), engine=engine or TypesenseSearch())


@dataclass(frozen=True, slots=True)
class Saver:
    """Somebody with one saved search."""

    saved_search_id: str
    user: Principal = field(default_factory=somebody)

    def told(self) -> list[str]:
        """The profiles that events tell of, in the order of these."""
        events = [item.document for item in EventItem.query(self.saved_search_id)]
        assert all(event.name == "search.matched" for event in events)
        assert all(event.payload["user_id"] == self.user.id for event in events)
        return [str(event.payload["profile_id"]) for event in events]

    def alerts(self, *, are_on: bool) -> None:
        update_saved_search(
            self.saved_search_id,
            UpdateSavedSearch(is_alerting=are_on),
            self.user,
            SavedDeps(clock=MovedClock()),
        )

    def silence(self) -> None:
        self.alerts(are_on=False)

    def delete(self) -> None:
        delete_saved_search(self.saved_search_id, self.user, SavedDeps(clock=MovedClock()))


def saver(user: Principal | None = None, /, **query: object) -> Saver:
    user = user or somebody()
    command = SaveSearch.model_validate({"name": new_id("nam"), "query": urlencode(query)})
    return Saver(save_search(command, user, SavedDeps(clock=MovedClock())).id, user)


def everything_due() -> int:
    """What is due is done, and what comes of it; how many portions there were."""
    portions = 0
    while found := [item for item in due_items(LATE) if item.kind == MATCH]:
        for item in found:
            item.delete()
            match_saved_searches(Matching.of(item.subject), CALLER, deps())
            portions += 1
    return portions


def changed(*profiles: Found) -> None:
    """The last event of each reaches the index, and whatever follows from it happens."""
    indexed(*profiles)
    everything_due()


def match(saver: Saver, *profile_ids: str, most_alerts: int = 200) -> int:
    shard = int(alert_key(saver.saved_search_id)[1].partition("#")[2])
    return match_saved_searches(Matching(shard, profile_ids), CALLER, deps(), most_alerts)


def test_who_saved_a_search_is_told_of_a_profile_that_is_published_and_answers_it(engine: str) -> None:
    hit, other = saver(q="portraits", roles="photographer"), saver(roles="model")
    nearby = saver(latitude=45.52, longitude=-122.68, min_price_minor=20_000, currency="USD")
    pavel = a_profile("photographer", "Portraits in daylight")
    changed(pavel)
    assert (hit.told(), other.told(), nearby.told()) == ([pavel.id], [], [pavel.id])


def test_a_profile_that_answers_only_once_it_has_changed_is_told_of_then(engine: str) -> None:
    seattle = saver(city="Seattle")
    pavel = a_profile()
    changed(pavel)
    assert seattle.told() == []
    pavel.change(home=SEATTLE)
    changed(pavel)
    assert seattle.told() == [pavel.id]


def test_of_each_profile_is_told_once_whatever_comes_again(engine: str) -> None:
    hit = saver(roles="photographer")
    pavel = a_profile()
    for _ in range(3):
        changed(pavel)
    pavel.change(headline="Another")
    changed(pavel)
    pavel.unpublish()
    changed(pavel)
    pavel.publish()
    changed(pavel)
    index_profiles([pavel.id], CALLER, indexing())
    everything_due()
    assert hit.told() == [pavel.id]


def test_every_word_has_to_be_there_even_where_nobody_has_them_all(engine: str) -> None:
    both, misspelt = saver(q="daylight zebra"), saver(q="portriats")
    pavel = a_profile("photographer", "Portraits in daylight")
    changed(pavel)
    assert (both.told(), misspelt.told()) == ([], [pavel.id])


def test_nobody_is_told_of_their_own_profile_or_of_one_that_is_not_published(engine: str) -> None:
    pavel, draft = a_profile(), a_draft()
    own, other = saver(pavel.owner, roles="photographer"), saver(roles="photographer")
    changed(pavel, draft)
    assert (own.told(), other.told()) == ([], [pavel.id])


def test_searches_that_a_profile_cannot_answer_are_never_asked(engine: str) -> None:
    """However many are saved: what changes costs one call a portion, and more only for those it may answer."""
    counted = Counted()
    wanted = saver(roles="photographer")
    pk = alert_key(wanted.saved_search_id)[1]
    for _ in range(60):
        alert = Alert(id=new_id("svs"), user_id=new_id("usr"), query="roles=model&currency=USD")
        AlertItem(pk, alert.id, document=alert).save()
    pavel = a_profile("photographer")
    indexed(pavel)
    shard = int(pk.partition("#")[2])
    match_saved_searches(Matching(shard, (pavel.id,)), CALLER, deps(counted))
    assert (wanted.told(), counted.asked) == ([pavel.id], [1, 1])
    pavel.unpublish()
    indexed(pavel)
    match_saved_searches(Matching(shard, (pavel.id,)), CALLER, deps(counted))
    assert counted.asked[2:] == [1], "what is gone answers nothing"


def test_silent_and_deleted_searches_tell_nobody_and_what_alerts_again_does(engine: str) -> None:
    silent, deleted = saver(roles="photographer"), saver(roles="photographer")
    silent.alerts(are_on=False)
    deleted.delete()
    first, second = a_profile(), a_profile()
    changed(first)
    assert (silent.told(), deleted.told()) == ([], [])
    silent.alerts(are_on=True)
    changed(second)
    assert silent.told() == [second.id], "of what happened meanwhile nobody is told"


def test_what_is_unpublished_before_its_turn_is_not_told_of(engine: str) -> None:
    hit = saver(roles="photographer")
    pavel = a_profile()
    indexed(pavel)
    pavel.unpublish()
    changed(pavel)
    assert hit.told() == []


def test_a_process_that_dies_at_any_step_has_told_of_all_once_in_the_end(engine: str) -> None:
    profiles = [a_profile("photographer", f"Number {number}") for number in range(4)]
    indexed(*profiles)
    at = 0
    while True:
        hit = saver(roles="photographer")
        for after in (False, True):
            steps = Steps(at=at, after=after)
            try:
                with steps.watching_transactions():
                    match(hit, *(profile.id for profile in profiles))
            except Died:
                pass
        match(hit, *(profile.id for profile in profiles))
        assert sorted(hit.told()) == sorted(profile.id for profile in profiles)
        if len(steps.names) <= at:
            break
        at += 1


def test_two_that_match_the_same_at_once_tell_once(engine: str) -> None:
    hit, pavel = saver(roles="photographer"), a_profile()
    indexed(pavel)
    meanwhile = Meanwhile(at=0, other=lambda: match(hit, pavel.id))
    with meanwhile.watching_transactions():
        assert match(hit, pavel.id) == 0
    assert hit.told() == [pavel.id]


def test_who_is_silent_or_deletes_between_asking_and_telling_hears_nothing(engine: str) -> None:
    for silenced in (Saver.delete, Saver.silence):
        hit, pavel = saver(roles="photographer"), a_profile()
        indexed(pavel)
        meanwhile = Meanwhile(at=0, other=partial(silenced, hit))
        with meanwhile.watching_transactions():
            match(hit, pavel.id)
        assert hit.told() == []


def test_portions_are_of_so_many_alerts_and_all_have_their_turn(engine: str) -> None:
    savers = [saver(roles="photographer") for _ in range(23)]
    pavel = a_profile()
    indexed(pavel)
    pending = due_items(LATE)
    portions = 0
    while pending:
        for item in pending:
            item.delete()
            match_saved_searches(Matching.of(item.subject), CALLER, deps(), most_alerts=3)
            portions += 1
        pending = due_items(LATE)
    assert portions > ALERT_SHARDS
    assert [one.told() for one in savers] == [[pavel.id]] * len(savers)


def test_more_matches_than_fit_into_one_transaction_are_all_told(engine: str) -> None:
    profiles = [a_profile("photographer", f"Number {number}") for number in range(10)]
    indexed(*profiles)
    savers = [saver(roles="photographer") for _ in range(12)]
    for shard in range(ALERT_SHARDS):
        match_saved_searches(Matching(shard, tuple(one.id for one in profiles)), CALLER, deps())
    assert [len(one.told()) for one in savers] == [10] * 12


def test_a_saved_search_that_is_no_longer_understood_keeps_no_other_from_alerting(engine: str) -> None:
    hit, pavel = saver(roles="photographer"), a_profile()
    for number in range(8):
        _, pk, sk = alert_key(f"svs_old_{number}")
        AlertItem(pk, sk, document=Alert(id=sk, user_id=new_id("usr"), query="colour=red")).save()
    changed(pavel)
    assert hit.told() == [pavel.id]


def test_events_name_ids_alone_and_their_owner_finds_the_notification_once(engine: str) -> None:
    hit, pavel = saver(q="portraits", city="Portland"), a_profile("photographer", "Portraits in daylight")
    changed(pavel)
    (event,) = [item.document for item in EventItem.query(hit.saved_search_id)]
    assert event.payload == {
        "saved_search_id": hit.saved_search_id, "user_id": hit.user.id, "profile_id": pavel.id,
    }  # fmt: skip
    assert deliver(message_of(event), message_of(event)) == []
    (note,) = list(NotificationItem.query(hit.user.id))
    assert (note.kind, note.saved_search_id) == ("search.matched", hit.saved_search_id)
    assert (note.profile_id, note.booking_id) == (pavel.id, None)  # type: ignore[comparison-overlap]  # it may be null
    assert list(NotificationItem.query(pavel.owner.id)) == []


def test_saving_at_the_same_time_gives_no_name_twice(tables: None) -> None:
    user, given = somebody(Role.CLIENT), SavedDeps(clock=MovedClock())
    command = SaveSearch.model_validate({"name": "Same", "query": "q=a"})
    meanwhile = Meanwhile(at=0, other=lambda: save_search(command, user, given))
    with (
        pytest.raises(Exception, match="Another of your saved searches") as refused,
        meanwhile.watching_transactions(),
    ):
        save_search(command, user, given)
    assert not isinstance(refused.value, Stale)
