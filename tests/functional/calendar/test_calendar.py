"""People say when they work, and everybody sees what is left of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from callsheet.calendar.deps import CalendarDeps
from callsheet.calendar.errors import CalendarNotFound
from callsheet.calendar.for_booking import rules_from, rules_key
from callsheet.calendar.get_availability import get_availability
from callsheet.calendar.hold import hold, release
from callsheet.calendar.model import (
    AvailabilityDays,
    AvailabilityMoments,
    AvailabilityQuery,
    SetRules,
)
from callsheet.calendar.set_rules import set_rules
from callsheet.calendar.slots import slots_between
from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.model import CreateProfile
from callsheet.kernel.errors import Conflict, Forbidden
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal, Role
from callsheet.platform.read import get_together
from callsheet.platform.records import EventItem
from callsheet.platform.transaction import Transaction
from tests.support.calls import calls
from tests.support.gateway import Caller, Gateway

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOBODY = "01JTX0000000000000000000A1"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
NINE_TO_FIVE = {key: [{"opens": "09:00", "closes": "17:00"}] for key in WEEKDAYS}
BERLIN: Mapping[str, object] = {"zone": "Europe/Berlin", "weekly": NINE_TO_FIVE}


@dataclass(frozen=True, slots=True)
class StoppedClock:
    def now(self) -> datetime:
        return NOW


DEPS = CalendarDeps(clock=StoppedClock())


def a_provider() -> Principal:
    return Principal(new_id("usr"), roles=frozenset({Role.PROVIDER}))


def a_profile_of(provider: Principal) -> str:
    page = CreateProfile.model_validate(
        {"role": "model", "title": "Petra", "jurisdiction": "DE-BE", "zone": "Europe/Berlin"}
    )
    return create_profile(page, provider, CatalogueDeps(clock=StoppedClock())).id


def free(provider_id: str, **asked: object) -> list[str]:
    query = AvailabilityQuery(provider_id=provider_id, within=AvailabilityDays.model_validate(asked))
    view = get_availability(query, Principal(new_id("usr")), DEPS)
    return [f"{span.starts_at:%d %H:%M%z}-{span.ends_at:%d %H:%M%z}" for span in view.free]


def facts(user_id: str) -> list[str]:
    return [item.document.name for item in EventItem.query(user_id)]


def test_a_calendar_that_was_set_is_read_again(tables: None) -> None:
    gateway, pavel = Gateway(), Caller(groups=("provider",))
    assert gateway.call("GET", "/v1/calendar/rules", user=pavel).json()["code"] == "calendar_not_found"

    body = {**BERLIN, "lead_hours": 12, "blackouts": [
        {"starts_at": "2026-12-24T00:00:00+01:00", "ends_at": "2026-12-27T00:00:00+01:00"}
    ]}  # fmt: skip
    answer = gateway.call("PUT", "/v1/calendar/rules", user=pavel, body=body)
    assert answer.status == 200, answer.body
    rules = answer.json()
    assert rules["version"] == 0
    assert rules["lead_hours"] == 12
    assert rules["blackouts"] == [{"starts_at": "2026-12-23T23:00:00Z", "ends_at": "2026-12-26T23:00:00Z"}]
    assert gateway.call("GET", "/v1/calendar/rules", user=pavel).json() == rules
    assert facts(pavel.user_id) == ["calendar.rules_changed"]


def test_the_same_rules_again_change_nothing(tables: None) -> None:
    pavel, command = a_provider(), SetRules.model_validate(BERLIN)
    assert set_rules(command, pavel, DEPS) == set_rules(command, pavel, DEPS)
    assert facts(pavel.id) == ["calendar.rules_changed"]


def test_other_rules_hold_for_each_profile(tables: None) -> None:
    petra = a_provider()
    profiles = [a_profile_of(petra), a_profile_of(petra)]
    set_rules(SetRules.model_validate({**BERLIN, "minimum_minutes": 90}), petra, DEPS)
    for provider_id in (petra.id, *profiles):
        (item,) = get_together([rules_key(provider_id)])
        rules = rules_from(item)
        assert rules is not None
        assert (rules.resource_id, rules.minimum_minutes) == (petra.id, 90)
        assert free(provider_id, **{"from": "2026-03-03", "to": "2026-03-03"}) == [
            "03 09:00+0100-03 17:00+0100"
        ]


def test_a_change_of_what_was_not_the_last_version_is_refused(tables: None) -> None:
    pavel = a_provider()
    set_rules(SetRules.model_validate(BERLIN), pavel, DEPS)
    second = SetRules.model_validate({**BERLIN, "lead_hours": 1, "version": 0})
    assert set_rules(second, pavel, DEPS).version == 1
    with pytest.raises(Conflict):
        set_rules(SetRules.model_validate({**BERLIN, "lead_hours": 2, "version": 0}), pavel, DEPS)
    (item,) = get_together([rules_key(pavel.id)])
    rules = rules_from(item)
    assert rules is not None
    assert rules.lead_hours == 1
    assert len(facts(pavel.id)) == 2


def test_setting_rules_is_one_read_and_one_transaction(tables: None) -> None:
    petra = a_provider()
    a_profile_of(petra)
    with calls() as made:
        set_rules(SetRules.model_validate(BERLIN), petra, DEPS)
    assert made == ["BatchGetItem", "TransactWriteItems"]


def test_who_cannot_be_booked_has_no_calendar(tables: None) -> None:
    carla = Caller(groups=("client",))
    answer = Gateway().call("PUT", "/v1/calendar/rules", user=carla, body=BERLIN)
    assert (answer.status, answer.json()["code"]) == (403, "forbidden")
    with pytest.raises(Forbidden):
        set_rules(SetRules.model_validate(BERLIN), Principal(carla.user_id), DEPS)
    assert get_together([rules_key(carla.user_id)]) == [None]
    assert facts(carla.user_id) == []


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"zone": "Berlin"}, "zone"),
        ({"weekly": {"monday": [{"opens": "9", "closes": "17:00"}]}}, "weekly.monday.0.opens"),
        ({"resource_id": "usr_1"}, "resource_id"),
    ],
)
def test_bad_rules_name_their_field_and_change_nothing(
    tables: None, changed: dict[str, object], place: str
) -> None:
    pavel = Caller(groups=("provider",))
    answer = Gateway().call("PUT", "/v1/calendar/rules", user=pavel, body={**BERLIN, **changed})
    assert (answer.status, answer.json()["code"]) == (400, "invalid_request")
    assert str(answer.json()["detail"]).startswith(place)
    assert get_together([rules_key(pavel.user_id)]) == [None]


def test_availability_is_one_batch_read_and_one_query_however_long(tables: None) -> None:
    petra = a_provider()
    profile_id = a_profile_of(petra)
    for days in (1, 31):
        with calls() as made:
            last_on = (NOW + timedelta(days=days)).date()
            free(profile_id, **{"from": (NOW + timedelta(days=1)).date(), "to": last_on})
        assert made == ["BatchGetItem", "Query"]


def test_what_is_taken_is_not_free_until_it_is_freed(tables: None) -> None:
    pavel = a_provider()
    set_rules(SetRules.model_validate(BERLIN), pavel, DEPS)
    slots = slots_between(datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 3, 12, tzinfo=UTC))
    txn = Transaction(pavel, NOW)
    hold(txn, pavel.id, slots)
    txn.commit()
    day = {"from": "2026-03-03", "to": "2026-03-03"}
    assert free(pavel.id, **day) == ["03 09:00+0100-03 11:00+0100", "03 13:00+0100-03 17:00+0100"]
    assert free(pavel.id, **day, minimum_minutes=180) == ["03 13:00+0100-03 17:00+0100"]

    txn = Transaction(pavel, NOW)
    release(txn, pavel.id, slots)
    txn.commit()
    assert free(pavel.id, **day) == ["03 09:00+0100-03 17:00+0100"]


def test_days_are_the_askers_and_so_are_the_answers(tables: None) -> None:
    pavel = a_provider()
    set_rules(SetRules.model_validate(BERLIN), pavel, DEPS)
    tokyo = free(pavel.id, **{"from": "2026-03-04", "to": "2026-03-04", "zone": "Asia/Tokyo"})
    # Pavel's Tuesday afternoon is still Tuesday in Tokyo until 16:00 in Berlin.
    assert tokyo == ["04 00:00+0900-04 01:00+0900", "04 17:00+0900-05 00:00+0900"]


def test_hours_stay_on_the_providers_wall_over_the_change_of_clocks(tables: None) -> None:
    pavel = a_provider()
    set_rules(SetRules.model_validate(BERLIN), pavel, DEPS)
    assert free(pavel.id, **{"from": "2026-03-27", "to": "2026-03-30", "zone": "UTC"}) == [
        "27 08:00+0000-27 16:00+0000",
        "30 07:00+0000-30 15:00+0000",
    ]


def test_availability_between_moments(tables: None) -> None:
    pavel = a_provider()
    set_rules(SetRules.model_validate(BERLIN), pavel, DEPS)
    moments = AvailabilityMoments.model_validate(
        {"starts_at": "2026-03-03T15:00:00+01:00", "ends_at": "2026-03-04T10:20:00+01:00"}
    )
    view = get_availability(AvailabilityQuery(provider_id=pavel.id, within=moments), pavel, DEPS)
    assert view.zone == "Europe/Berlin"
    assert [f"{span.starts_at:%H:%M}-{span.ends_at:%H:%M}" for span in view.free] == [
        "15:00-17:00",
        "09:00-10:15",
    ]


@pytest.mark.parametrize(
    "provider_id",
    [f"usr_{NOBODY}", f"prf_{NOBODY}", f"svc_{NOBODY}", "pavel", "x" * 3000],
    ids=["a user", "a profile", "a service", "no id", "too long for a key"],
)
def test_who_has_no_calendar_is_not_found(tables: None, provider_id: str) -> None:
    days = AvailabilityDays.model_validate({"from": "2026-03-03", "to": "2026-03-03"})
    with pytest.raises(CalendarNotFound):
        get_availability(AvailabilityQuery(provider_id=provider_id, within=days), a_provider(), DEPS)
    answer = Gateway().call(
        "GET", f"/v1/providers/{provider_id}/availability?from=2026-03-03&to=2026-03-03", user=Caller()
    )
    assert (answer.status, answer.json()["code"]) == (404, "calendar_not_found")


def test_availability_over_http_is_in_the_askers_zone(tables: None) -> None:
    gateway, pavel = Gateway(), Caller(groups=("provider",))
    always = {key: [{"opens": "00:00", "closes": "24:00"}] for key in (*WEEKDAYS, "saturday", "sunday")}
    body = {"zone": "Europe/Berlin", "weekly": always, "lead_hours": 0}
    assert gateway.call("PUT", "/v1/calendar/rules", user=pavel, body=body).status == 200
    on = (datetime.now(UTC) + timedelta(days=3)).date()
    path = f"/v1/providers/{pavel.user_id}/availability?from={on}&to={on}&zone=Asia%2FKathmandu"
    answer = gateway.call("GET", path, user=Caller())
    assert answer.status == 200, answer.body
    assert answer.json() == {
        "provider_id": pavel.user_id,
        "zone": "Europe/Berlin",
        "free": [
            {"starts_at": f"{on}T00:00:00+05:45", "ends_at": f"{on + timedelta(days=1)}T00:00:00+05:45"}
        ],
    }


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2026-03-03",
        "from=2026-03-03&to=2026-03-02",
        "from=2026-03-03&to=2026-04-03",
        "from=yesterday&to=tomorrow",
        "from=2026-03-03&to=2026-03-03&zone=Nowhere",
        "from=2026-03-03&to=2026-03-03&minimum_minutes=many",
        "from=2026-03-03&to=2026-03-03&who=me",
    ],
)
def test_a_bad_question_is_a_400(tables: None, query: str) -> None:
    answer = Gateway().call("GET", f"/v1/providers/{new_id('usr')}/availability?{query}", user=Caller())
    assert (answer.status, answer.json()["code"]) == (400, "invalid_request")


def test_nobody_asks_without_a_token(tables: None) -> None:
    path = f"/v1/providers/{new_id('usr')}/availability?from=2026-03-03&to=2026-03-03"
    assert Gateway().call("GET", path).status == 401


def test_graphql_answers_availability_in_utc(tables: None) -> None:
    gateway, pavel = Gateway(), Caller(groups=("provider",))
    always = {day: [{"opens": "00:00", "closes": "24:00"}] for day in (*WEEKDAYS, "saturday", "sunday")}
    assert (
        gateway.call("PUT", "/v1/calendar/rules", user=pavel, body={"zone": "UTC", "weekly": always}).status
        == 200
    )
    on = (datetime.now(UTC) + timedelta(days=3)).date()

    def ask(ends_at: str) -> str:
        query = f"""{{ availability(providerId: "{pavel.user_id}", startsAt: "{on}T10:00:00+02:00",
          endsAt: "{ends_at}", minimumMinutes: 90) {{ zone free {{ startsAt endsAt }} }} }}"""
        return gateway.call("POST", "/graphql", user=Caller(), body={"query": query}).body

    free = [{"startsAt": f"{on}T08:00:00Z", "endsAt": f"{on}T12:00:00Z"}]
    assert json.loads(ask(f"{on}T12:00:00Z")) == {"data": {"availability": {"zone": "UTC", "free": free}}}
    assert '"code":"invalid_request"' in ask(f"{on}T07:00:00Z")
