"""What one request may ask for."""

import pytest
from graphql import parse

from callsheet.graphql.limits import MAX_TOKENS, check_cost
from tests.unit.graphql.small_schema import ask, codes, small_schema


def _nested(depth: int) -> str:
    return "{ me " + "{ friend " * (depth - 2) + "{ id }" + " }" * (depth - 2) + " }"


def test_eight_fields_deep_is_allowed_and_nine_are_not() -> None:
    assert ask(_nested(8)).errors is None
    assert codes(ask(_nested(9))) == ["too_complex"]


def test_depth_counts_through_fragments() -> None:
    tail = "fragment F on Person { friend { friend { friend { friend { id } } } } }"
    query = f"{{ me {{ friend {{ friend {{ friend {{ ...F }} }} }} }} }} {tail}"
    assert codes(ask(query)) == ["too_complex"]


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ me { id } }", 2),
        ("{ people { id } }", 1 + 20),
        ("{ people(limit: 5) { id displayName } }", 1 + 5 * 2),
        ("{ page(limit: 5) { items { id } } }", 1 + 5 + 5),
        ("query($n: Int) { people(limit: $n) { id } }", 1 + 7),
        ("{ people(limit: 5) { ... on Person { id } ...F } } fragment F on Person { id }", 1 + 5 * 2),
        ("{ me { friends { id } } }", 1 + 1 + 20),
        ("{ me { few { id friends { id } } } }", 1 + 1 + 3 * (2 + 20)),
        ("{ me { pets(limit: 2) { name } } }", 1 + 1 + 2),
        # One of them may be an ant, whose kin are a hundred.
        ("{ me { pets(limit: 2) { kin { name } } } }", 1 + 1 + 2 * (1 + 100)),
        ("{ me { pets(limit: 2) { ... on Dog { kin { name } } } } }", 1 + 1 + 2 * (1 + 20)),
        (
            "{ me { pets(limit: 2) { ... on Dog { walks { id } } ...A } } } fragment A on Ant { legs }",
            2 + 2 * 22,
        ),
    ],
)
def test_a_list_multiplies_what_stands_below_it(query: str, cost: int) -> None:
    assert check_cost(small_schema(), parse(query), {"n": 7}) == cost


def test_a_list_of_several_types_is_refused_at_the_budget_like_any_other() -> None:
    deep = "{ me { pets(limit: 20) { ... on Ant { kin(limit: 99) { name } } } } }"
    assert codes(ask(deep)) == ["too_complex"]
    nested = "{ me { pets { kin { kin { kin { kin { kin { kin { name } } } } } } } } }"
    assert codes(ask(nested)) == ["too_complex"]


def test_a_document_over_two_thousand_is_refused() -> None:
    assert codes(ask("{ people(limit: 100) { friends { id } } }")) == ["too_complex"]


def test_a_variable_cannot_hide_a_large_page() -> None:
    query = "query($n: Int) { people(limit: $n) { friends { id } } }"
    assert codes(ask(query, n=100)) == ["too_complex"]
    assert ask(query, n=2).errors is None


def test_fragments_that_multiply_each_other_are_stopped_at_the_budget() -> None:
    bombs = " ".join(f"fragment F{n} on Person {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    query = f"{{ me {{ ...F0 }} }} {bombs} fragment F30 on Person {{ __typename }}"
    assert codes(ask(query)) == ["too_complex"]


def test_fifteen_aliases_are_allowed_and_sixteen_are_not() -> None:
    def aliased(count: int) -> str:
        return "{ me { " + " ".join(f"a{n}: id" for n in range(count)) + " } }"

    assert ask(aliased(15)).errors is None
    assert codes(ask(aliased(16))) == ["too_complex"]


def test_five_operations_are_allowed_and_six_are_not() -> None:
    def several(count: int) -> str:
        return " ".join(f"query Q{n} {{ me {{ id }} }}" for n in range(count))

    assert codes(ask(several(5))) == ["invalid_document"]  # only because none is named
    assert codes(ask(several(6))) == ["too_complex"]


def test_a_request_runs_at_most_five_mutations_even_through_a_fragment() -> None:
    six = " ".join(f'm{n}: rename(input: {{displayName: "x"}})' for n in range(6))
    assert codes(ask(f"mutation {{ {six} }}")) == ["too_complex"]
    assert codes(ask(f"mutation {{ ...All }} fragment All on Mutation {{ {six} }}")) == ["too_complex"]


def test_a_document_of_too_many_tokens_is_not_even_parsed() -> None:
    assert codes(ask("{ " + "me " * MAX_TOKENS + "}")) == ["invalid_document"]
