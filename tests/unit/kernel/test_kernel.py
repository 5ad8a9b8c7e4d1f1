"""What every domain speaks: money, ids, cursors, state tables, time."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.kernel.clock import OffsetClock, SystemClock
from callsheet.kernel.currencies import EXPONENTS
from callsheet.kernel.errors import Forbidden, IllegalTransition, InvalidCursor
from callsheet.kernel.ids import has_prefix, new_id, user_id_of
from callsheet.kernel.money import MAX_MINOR, CurrencyMismatch, Money, round_half_up, total, zero
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import Principal, RequestKey, Role, system
from callsheet.kernel.states import StateTable, Transition
from callsheet.platform.cache import TtlCache
from callsheet.platform.settings import MissingSetting, read_settings, resource_name

AMOUNTS = st.integers(-(10**9), 10**9)
WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=8).filter(any)


@given(AMOUNTS, WEIGHTS)
def test_a_split_loses_no_unit_and_gives_nothing_to_no_weight(amount: int, weights: list[int]) -> None:
    parts = Money.of(amount, "USD").allocate(weights)
    assert sum(part.amount_minor for part in parts) == amount
    assert all(part.is_zero for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_the_residue_of_a_split_goes_to_its_largest_part() -> None:
    assert [part.amount_minor for part in Money.of(100, "USD").allocate([1, 1, 4])] == [16, 16, 68]


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2], []])
def test_weights_that_divide_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weight|empty"):
        Money.of(1, "USD").allocate(weights)


@given(st.fractions())
def test_rounding_is_half_up_away_from_zero(value: Fraction) -> None:
    assert abs(round_half_up(value) - value) <= Fraction(1, 2)
    assert round_half_up(-value) == -round_half_up(value)
    assert [round_half_up(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


@pytest.mark.parametrize(
    ("money", "text", "whole"),
    [
        (Money.of(-1050, "USD"), "-10.50 USD", -10),
        (Money.of(5, "KWD"), "0.005 KWD", 0),
        (Money.whole(5, "JPY"), "5 JPY", 5),
        (Money.whole(5, "CLF"), "5.0000 CLF", 5),
    ],
)
def test_money_knows_the_decimals_of_its_currency(money: Money, text: str, whole: int) -> None:
    assert (str(money), money.whole_units) == (text, whole)


def test_two_currencies_never_meet_in_one_sum() -> None:
    with pytest.raises(CurrencyMismatch):
        Money.of(1, "USD") + Money.of(1, "EUR")
    with pytest.raises(CurrencyMismatch):
        assert Money.of(1, "USD") < Money.of(1, "EUR")


def test_money_adds_compares_and_takes_shares() -> None:
    ten, four = Money.of(10_00, "USD"), Money.of(4_00, "USD")
    assert ten - four == Money.of(6_00, "USD")
    assert total([ten, -four], "USD") == Money.of(6_00, "USD")
    assert four < ten
    assert four <= four  # noqa: PLR0124 - the claim itself
    assert ten.basis_points(1250) == Money.of(1_25, "USD")
    assert zero("USD").is_zero


@pytest.mark.parametrize(
    ("amount", "currency"),
    [(1.5, "USD"), ("1", "USD"), (True, "USD"), (1, "XXX"), (1, "usd"), (MAX_MINOR + 1, "USD")],
)
def test_what_is_no_amount_or_no_currency_is_refused(amount: object, currency: str) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount_minor": amount, "currency": currency})


def test_iso_4217_has_currencies_of_none_two_three_and_four_decimals() -> None:
    assert {EXPONENTS[code] for code in ("JPY", "USD", "KWD", "UYW")} == {0, 2, 3, 4}
    assert all(len(code) == 3 and code.isupper() for code in EXPONENTS)


def test_an_id_says_what_it_is_and_sorts_by_birth() -> None:
    first, second = new_id("bkg"), new_id("bkg")
    assert has_prefix(first, "bkg")
    assert not has_prefix(first, "usr")
    assert not has_prefix("bkg_short", "bkg")
    assert first[:14] <= second[:14]


@given(st.uuids())
def test_a_subject_has_one_user_id_and_two_subjects_two(subject: UUID) -> None:
    user_id = user_id_of(str(subject))
    assert has_prefix(user_id, "usr")
    assert user_id == user_id_of(str(subject).upper())
    assert user_id != user_id_of(str(UUID(int=subject.int ^ 1)))


def test_a_subject_that_is_no_uuid_is_nobody() -> None:
    with pytest.raises(ValueError, match="badly formed"):
        user_id_of("carla")


CURSORS = Cursors("secret")


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=40), max_size=4), st.text(max_size=20))
def test_a_cursor_leads_back_to_where_its_query_stopped(position: dict[str, str], query: str) -> None:
    cursor = CURSORS.write(query, position)
    assert CURSORS.read(query, cursor) == position
    with pytest.raises(InvalidCursor):
        CURSORS.read(query + "x", cursor)
    with pytest.raises(InvalidCursor):
        Cursors("other").read(query, cursor)


@given(st.text(max_size=60))
def test_a_forged_cursor_is_refused_whatever_it_is(text: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.read("q", text)


def test_a_list_begins_and_ends_without_a_cursor() -> None:
    assert CURSORS.write("q", None) is None
    assert CURSORS.read("q", None) is None


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Press(StrEnum):
    GO = "go"


TABLE = StateTable(
    name="light",
    initial=frozenset({Light.RED}),
    terminal=frozenset({Light.GREEN}),
    transitions=(
        Transition(action=Press.GO, source=Light.RED, target=Light.GREEN, who=frozenset({"walker"})),
    ),
)


def test_only_what_stands_in_the_table_is_a_step() -> None:
    assert TABLE.step(Light.RED, Press.GO, "walker").target is Light.GREEN
    assert TABLE.exits(Light.GREEN) == ()
    with pytest.raises(IllegalTransition) as refusal:
        TABLE.step(Light.GREEN, Press.GO, "walker")
    assert refusal.value.extra == {"state": "green", "action": "go"}
    with pytest.raises(Forbidden):
        TABLE.step(Light.RED, Press.GO, "driver")


def test_a_part_of_the_system_is_no_user() -> None:
    with pytest.raises(Forbidden):
        _ = system("sweeper").user_id
    carla = Principal("usr_1", roles=frozenset({Role.ADMIN}), request_key=RequestKey("k", "f"))
    assert carla.user_id == "usr_1"
    assert carla.is_admin
    assert carla.has_any(Role.FINANCE, Role.ADMIN)
    assert carla.without_request_key().request_key is None


def test_the_offset_clock_runs_ahead_by_what_its_file_says(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    assert abs(OffsetClock(file).now() - datetime.now(UTC)) < timedelta(minutes=1)
    file.write_text("7200\n")
    ahead = OffsetClock(file).now() - SystemClock().now()
    assert timedelta(minutes=119) < ahead < timedelta(minutes=121)


def test_only_the_laptop_cloud_has_a_clock_that_moves(tmp_path: Path) -> None:
    moved = {"CLOCK_OFFSET_FILE": str(tmp_path)}
    assert read_settings({"STAGE": "local", **moved}).clock_offset_file == tmp_path
    for stage in ("test", "dev", "prod"):
        with pytest.raises(ValidationError, match="clock that can be moved"):
            read_settings({"STAGE": stage, **moved})
    assert read_settings({"STAGE": "prod", "CLOCK_OFFSET_FILE": ""}).clock_offset_file is None


def test_a_table_says_what_the_taxes_are_unless_stripe_is_to() -> None:
    assert read_settings({}).tax_provider == "fixed"
    assert read_settings({"TAX_PROVIDER": "stripe"}).tax_provider == "stripe"
    with pytest.raises(ValidationError, match="tax_provider"):
        read_settings({"TAX_PROVIDER": "accountant"})


def test_a_resource_the_row_does_not_grant_has_no_name() -> None:
    with pytest.raises(MissingSetting, match="TABLE_NOWHERE"):
        resource_name("TABLE", "nowhere")


def test_a_kept_value_is_loaded_again_when_it_is_old_or_pushed_out() -> None:
    now, loads = [datetime(2026, 1, 1, tzinfo=UTC)], list[str]()

    def load(key: str) -> int:
        loads.append(key)
        return len(loads)

    cache = TtlCache(load, timedelta(seconds=10), lambda: now[0], max_entries=2)
    assert [cache.get("a"), cache.get("a")] == [1, 1]
    now[0] += timedelta(seconds=10)
    assert cache.get("a") == 2
    cache.get("b")
    cache.get("c")
    assert cache.get("a") == 5
    cache.forget()
    assert cache.get("a") == 6
