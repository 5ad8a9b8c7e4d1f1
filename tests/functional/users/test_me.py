"""An account comes to be once, whichever way, and its owner names it."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callsheet.graphql.resolvers.users import RESOLVERS
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.records import EventItem
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.users.create_user import create_user
from callsheet.users.deps import UsersDeps
from callsheet.users.for_booking import account_from, account_key, remember_customer
from callsheet.users.get_me import get_me
from callsheet.users.get_users import get_users
from callsheet.users.model import UpdateMe
from callsheet.users.store import UserItem
from callsheet.users.update_me import update_me
from functions.users.create_user import handler as create_user_handler
from tests.support.calls import calls
from tests.support.gateway import Caller, Gateway, LambdaContext

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SAMPLE = Path(__file__).parents[3] / "events/samples/users.create_user.json"


@dataclass(frozen=True, slots=True)
class StoppedClock:
    def now(self) -> datetime:
        return NOW


DEPS = UsersDeps(clock=StoppedClock())


def somebody() -> Principal:
    return Principal(new_id("usr"), correlation_id="corr-1")


def registrations(user_id: str) -> list[str]:
    return [item.document.name for item in EventItem.query(user_id)]


def stored(user_id: str) -> UserItem | None:
    (item,) = get_together([account_key(user_id)])
    assert item is None or isinstance(item, UserItem)
    return item


def signed_up(carla: Caller) -> dict[str, object]:
    event: dict[str, object] = json.loads(
        _SAMPLE.read_text().replace("01935000-0000-7000-8000-000000000001", carla.subject)
    )
    return event


def test_a_sign_up_makes_an_account_and_tells_of_it(tables: None) -> None:
    carla = Caller()
    event = signed_up(carla)
    assert create_user_handler(event, LambdaContext("create_user")) == event  # type: ignore[arg-type]  # quacks
    item = stored(carla.user_id)
    assert item is not None
    assert item.display_name is None
    assert registrations(carla.user_id) == ["user.registered"]


def test_no_address_is_kept_and_none_is_told(tables: None) -> None:
    carla = Caller()
    create_user_handler(signed_up(carla), LambdaContext("create_user"))  # type: ignore[arg-type]  # quacks
    for item in (stored(carla.user_id), *EventItem.query(carla.user_id)):
        assert item is not None
        assert "example.com" not in json.dumps(item.serialize())


def test_a_sign_up_that_is_told_again_changes_nothing(tables: None) -> None:
    carla = Caller()
    for _ in range(3):
        create_user_handler(signed_up(carla), LambdaContext("create_user"))  # type: ignore[arg-type]  # quacks
    assert registrations(carla.user_id) == ["user.registered"]


def test_a_first_visit_makes_the_account_where_the_sign_up_was_missed(tables: None) -> None:
    gateway, carla = Gateway(), Caller(groups=("client", "fan"))
    first = gateway.call("GET", "/v1/me", user=carla)
    assert first.status == 200, first.body
    assert first.json()["id"] == carla.user_id
    assert first.json()["display_name"] is None
    assert first.json()["roles"] == ["client", "fan"]
    create_user_handler(signed_up(carla), LambdaContext("create_user"))  # type: ignore[arg-type]  # quacks
    assert gateway.call("GET", "/v1/me", user=carla).json() == first.json()
    assert registrations(carla.user_id) == ["user.registered"]


def test_a_payment_before_anything_else_still_leaves_the_registration_to_be_told(tables: None) -> None:
    carla = somebody()
    txn = Transaction(carla, NOW)
    remember_customer(txn, carla.id, "cus_1", NOW)
    txn.commit()
    assert registrations(carla.id) == []
    assert list(get_users([carla.id], carla, DEPS)) == [carla.id]

    get_me(carla, DEPS)
    account = account_from(stored(carla.id))
    assert account is not None
    assert account.stripe_customer_id == "cus_1"
    assert registrations(carla.id) == ["user.registered"]


def test_a_customer_is_remembered_on_the_account_there_is(tables: None) -> None:
    carla = somebody()
    update_me(UpdateMe(display_name="Carla"), carla, DEPS)
    txn = Transaction(carla, NOW)
    remember_customer(txn, carla.id, "cus_1", NOW)
    txn.commit()
    me = get_me(carla, DEPS)
    assert (me.display_name, me.version) == ("Carla", 1)
    assert account_from(stored(carla.id)) is not None


def test_who_was_never_seen_has_no_account(tables: None) -> None:
    assert account_from(stored(new_id("usr"))) is None


def test_ten_first_visits_at_once_are_one_registration(tables: None) -> None:
    carla = somebody()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _number: create_user(carla, DEPS), range(10)))
    assert registrations(carla.id) == ["user.registered"]


def test_a_later_visit_is_one_read(tables: None) -> None:
    carla = somebody()
    get_me(carla, DEPS)
    with calls() as made:
        get_me(carla, DEPS)
    assert made == ["BatchGetItem"]


def test_graphql_makes_the_account_too(tables: None) -> None:
    carla = somebody()

    class Context:
        caller = carla

        class sources:  # noqa: N801 - stands for a module
            @staticmethod
            def users() -> UsersDeps:
                return DEPS

    me = RESOLVERS["Query"]["me"](None, Context())
    assert me == get_me(carla, DEPS)
    assert registrations(carla.id) == ["user.registered"]


def test_a_name_is_given_and_seen_by_others(tables: None) -> None:
    gateway, carla = Gateway(), Caller()
    answer = gateway.call("PATCH", "/v1/me", user=carla, body={"display_name": " Carla "})
    assert answer.status == 200, answer.body
    assert (answer.json()["display_name"], answer.json()["version"]) == ("Carla", 1)
    assert gateway.call("GET", "/v1/me", user=carla).json() == answer.json()
    assert get_users([carla.user_id], somebody(), DEPS)[carla.user_id].display_name == "Carla"


def test_a_name_for_a_version_that_is_no_more_is_refused(tables: None) -> None:
    carla = somebody()
    update_me(UpdateMe(display_name="Carla", version=0), carla, DEPS)
    with pytest.raises(Stale):
        update_me(UpdateMe(display_name="Karla", version=0), carla, DEPS)
    assert get_me(carla, DEPS).display_name == "Carla"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "display_name"),
        ({"display_name": None}, "display_name"),
        ({"display_name": 7}, "display_name"),
        ({"display_name": "a\tb"}, "display_name"),
        ({"display_name": "Carla", "email": "carla@example.com"}, "email"),
        ({"display_name": "Carla", "version": "0"}, "version"),
    ],
)
def test_a_bad_change_names_its_field_and_changes_nothing(
    tables: None, body: dict[str, object], place: str
) -> None:
    carla = Caller()
    answer = Gateway().call("PATCH", "/v1/me", user=carla, body=body)
    assert (answer.status, answer.json()["code"]) == (400, "invalid_request")
    assert str(answer.json()["detail"]).startswith(place)
    assert stored(carla.user_id) is None


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_nobody_has_no_account(tables: None, method: str) -> None:
    assert Gateway().call(method, "/v1/me", body={"display_name": "x"}).status == 401


def people(count: int) -> Sequence[str]:
    found = [somebody() for _ in range(count)]
    for one in found:
        create_user(one, DEPS)
    return [one.id for one in found]


def test_a_page_of_people_is_one_batch_read(tables: None) -> None:
    ids = people(3)
    with calls() as made:
        found = get_users([*ids, *ids, new_id("usr"), "nobody", new_id("bkg")], somebody(), DEPS)
    assert made == ["BatchGetItem"]
    assert set(found) == set(ids)


def test_no_people_are_no_read_and_more_than_a_hundred_two(tables: None) -> None:
    with calls() as made:
        assert get_users([], somebody(), DEPS) == {}
    assert made == []
    with calls() as made:
        get_users([new_id("usr") for _ in range(101)], somebody(), DEPS)
    assert made == ["BatchGetItem", "BatchGetItem"]
