"""The machinery of the GraphQL door: binding, access, errors, batching."""

import logging

import pytest
from graphql import build_schema

from callsheet.graphql.binding import KIND, UnboundSchema, bind
from callsheet.kernel.principal import ActorType, Principal, Role
from tests.unit.graphql.small_schema import SDL, World, ask, codes


def test_a_field_reads_the_attribute_of_the_same_name_in_snake_case() -> None:
    assert ask("{ me { id displayName } }").data == {"me": {"id": "usr_1", "displayName": "Ann"}}


def test_arguments_and_input_fields_arrive_in_snake_case() -> None:
    assert ask('mutation { rename(input: {displayName: "Bo"}) }').data == {"rename": "Bo"}


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ADMIN])
def test_one_of_the_required_roles_is_enough(role: Role) -> None:
    assert ask("{ books }", role).data == {"books": "open"}


def test_a_caller_without_the_role_is_refused_with_the_code_forbidden() -> None:
    result = ask("{ books }", Role.CLIENT)
    assert codes(result) == ["forbidden"]
    assert result.data is None or result.data == {"books": None}


def test_a_guard_on_a_field_hides_that_field_alone() -> None:
    result = ask("{ me { id secret } }")
    assert result.data == {"me": {"id": "usr_1", "secret": None}}
    assert codes(result) == ["forbidden"]


def test_a_part_of_the_system_is_no_user() -> None:
    assert codes(ask("{ me { id } }", world=World(Principal("sweeper", ActorType.SYSTEM)))) == ["forbidden"]


def test_a_typed_refusal_keeps_its_code_and_says_what_it_carries() -> None:
    (error,) = ask("mutation { clash }").errors or []
    assert error["message"] == "It has changed"
    assert error["extensions"] == {"code": "conflict", "state": "gone", "correlationId": "c-1"}
    assert error["path"] == ["clash"]


def test_what_nobody_foresaw_is_logged_and_masked(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        result = ask("{ broken }")
    assert codes(result) == ["internal_error"]
    assert "hunter2" not in result.model_dump_json()
    assert "hunter2" in caplog.text


def test_friends_of_a_whole_page_are_read_in_one_batch() -> None:
    world = World(Principal("usr_1"))
    result = ask("{ people(limit: 50) { friend { id } } }", world=world)
    assert result.errors is None
    assert [len(batch) for batch in world.batches] == [50]


@pytest.mark.parametrize(
    "query", ["{ nope }", "{ me { id", "{ me }", "query A { me { id } } query A { me { id } }"]
)
def test_a_document_that_does_not_fit_is_refused_before_anything_runs(query: str) -> None:
    result = ask(query)
    assert set(codes(result)) == {"invalid_document"}
    assert "data" not in result.model_fields_set


def test_several_operations_need_a_name() -> None:
    assert codes(ask("query A { me { id } } query B { me { id } }")) == ["invalid_document"]


@pytest.mark.parametrize("stage", ["prod", "staging", "test"])
def test_the_schema_does_not_give_itself_away_outside_local_and_dev(stage: str) -> None:
    assert codes(ask("{ __schema { queryType { name } } }", stage=stage)) == ["invalid_document"] * 2
    (error,) = ask("{ mee { id } }", stage=stage).errors or []
    assert "Did you mean" not in str(error["message"])


@pytest.mark.parametrize("stage", ["local", "dev"])
def test_developers_may_ask_what_there_is(stage: str) -> None:
    assert ask("{ __schema { queryType { name } } }", stage=stage).data == {
        "__schema": {"queryType": {"name": "Query"}}
    }


def test_a_root_field_without_a_resolver_is_refused_at_start_up() -> None:
    with pytest.raises(UnboundSchema, match=r"Query\.me"):
        bind(build_schema(SDL))


def test_a_root_field_without_a_rule_of_access_is_refused_at_start_up() -> None:
    with pytest.raises(UnboundSchema, match="@auth"):
        bind(
            build_schema("directive @auth(requires: [String!]!) on FIELD_DEFINITION type Query { a: Int }"),
            {"Query": {"a": lambda _source, _context: 1}},
        )


def test_a_resolver_without_a_field_is_refused_at_start_up() -> None:
    with pytest.raises(UnboundSchema, match="gone"):
        bind(build_schema("type Nothing { a: Int }"), {"User": {"gone": lambda _source, _context: 1}})


def test_each_mutation_of_a_document_is_a_step_of_its_own() -> None:
    world = World(Principal("usr_1"))
    ask('mutation { a: rename(input: {displayName: "A"}) rename(input: {displayName: "B"}) }', world=world)
    assert world.steps == ["a", "rename"]


def test_the_types_of_an_interface_are_told_apart_and_keep_their_own_guards() -> None:
    query = "{ me { pets { __typename name ... on Ant { legs } } } }"
    assert ask(query).data == {
        "me": {"pets": [{"__typename": "Dog", "name": "Rex"}, {"__typename": "Ant", "name": "Z", "legs": 6}]}
    }
    guarded = ask("{ me { pets { ... on Ant { secret } } } }")
    assert (codes(guarded), guarded.data) == (["forbidden"], {"me": {"pets": [{}, {"secret": None}]}})


def test_an_interface_without_anything_that_tells_its_types_apart_is_refused() -> None:
    schema = build_schema("interface A { id: ID } type B implements A { id: ID } type Query { x: Int }")
    with pytest.raises(UnboundSchema, match=r"A needs|x needs"):
        bind(schema)


def test_a_guard_that_stands_at_the_interface_alone_is_refused() -> None:
    directives = "enum Requirement { USER } directive @auth(requires: [Requirement!]!) on FIELD_DEFINITION "
    guarded = "interface A { id: ID @auth(requires: USER) } type B implements A { id: ID }"
    with pytest.raises(UnboundSchema, match=r"B\.id needs the rules of A\.id"):
        bind(build_schema(directives + guarded), {"A": {KIND: lambda _: "B"}})
