"""Event contracts: additions pass, breaks do not, and nothing personal is inside."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import jsonschema_rs
import pytest

from callsheet.kernel.events import EventPayload
from docs.build.events import breaks, contract, envelope_contract, event_models
from docs.build.everything import broken_contracts
from docs.build.json_types import Json, JsonObject

_ROOT = Path(__file__).parents[2]
_FIXTURES = Path(__file__).parent / "fixtures"
_MODELS = event_models()
_ID = [f"{model.name}/v{model.version}" for model in _MODELS]

# Words that name a person, reach one, or hold what a person wrote.
_PERSONAL = frozenset(
    [
        *("name", "first_name", "last_name", "display_name", "full_name", "birthday", "born_on"),
        *("email", "phone", "address", "street", "city", "zip", "postcode", "ip", "user_agent"),
        *("note", "message", "text", "description", "title", "comment", "body"),
        *("iban", "card", "last4", "client_secret", "token"),
    ]
)
_FREE_TEXT_BOUNDS = frozenset({"pattern", "enum", "const", "format", "maxLength", "$ref"})


def _fixture(name: str) -> JsonObject:
    parsed: JsonObject = json.loads((_FIXTURES / "compatibility" / f"{name}.json").read_text())
    return parsed


@pytest.mark.parametrize("change", ["added_field", "narrowed_to_never_null", "fewer_values"])
def test_a_change_that_only_adds_passes(change: str) -> None:
    assert breaks(_fixture("before"), _fixture(f"good_{change}")) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("removed_field", "payload.amount_minor: removed"),
        ("changed_type", "payload.amount_minor: was"),
        ("now_nullable", "payload.booking_id: was"),
        ("no_longer_required", "payload.booking_id: was always there"),
        ("new_value", "payload.reason: new values"),
        ("changed_inside", "payload.lines[].code: removed"),
        ("changed_format", "payload.at: format was"),
    ],
)
def test_a_change_that_breaks_a_reader_is_caught(change: str, place: str) -> None:
    found = breaks(_fixture("before"), _fixture(f"bad_{change}"))
    assert any(problem.startswith(place) for problem in found), found


def test_committed_contracts_are_not_broken_by_the_code() -> None:
    assert broken_contracts(_ROOT) == []


@pytest.mark.parametrize("model", _MODELS, ids=_ID)
def test_an_event_is_a_noun_and_a_past_participle(model: type[EventPayload]) -> None:
    noun, _, fact = model.name.partition(".")
    assert noun.replace("_", "").isalpha()
    assert fact.replace("_", "").isalpha()


@pytest.mark.parametrize("model", _MODELS, ids=_ID)
def test_the_good_example_of_an_event_fits_its_contract_and_the_bad_ones_do_not(
    model: type[EventPayload],
) -> None:
    folder = _FIXTURES / "events" / model.name / f"v{model.version}"
    schema = jsonschema_rs.validator_for(contract(model))
    goods, bads = sorted(folder.glob("good*.json")), sorted(folder.glob("bad*.json"))
    assert goods, f"{folder} needs a good*.json"
    assert bads, f"{folder} needs a bad*.json"
    for good in goods:
        schema.validate(json.loads(good.read_text()))
        model.model_validate_json(good.read_text())
    for bad in bads:
        assert not schema.is_valid(json.loads(bad.read_text())), bad


@pytest.mark.parametrize("model", _MODELS, ids=_ID)
def test_an_event_names_nobody_and_quotes_nobody(model: type[EventPayload]) -> None:
    for path, schema in _leaves(contract(model), contract(model), "payload"):
        assert path.rsplit(".", 1)[-1] not in _PERSONAL, path
        if schema.get("type") == "string":
            assert not _FREE_TEXT_BOUNDS.isdisjoint(schema), (
                f"{path} is free text: give it a pattern or an enum"
            )


def test_the_personal_data_walk_finds_what_it_looks_for() -> None:
    schema: JsonObject = {
        "type": "object",
        "properties": {"who": {"properties": {"email": {"type": "string"}}}},
    }
    assert [path for path, _ in _leaves(schema, schema, "payload")] == ["payload.who.email"]


def test_the_envelope_carries_what_the_design_names() -> None:
    properties = envelope_contract()["properties"]
    assert isinstance(properties, dict)
    assert set(properties) == {
        "event_id",
        "name",
        "version",
        "occurred_at",
        "emitted_at",
        "source",
        "actor",
        "correlation_id",
        "causation_id",
        "aggregate",
        "privacy",
        "retention",
        "payload",
    }


def _leaves(
    schema: Mapping[str, Json], root: Mapping[str, Json], path: str
) -> Iterator[tuple[str, Mapping[str, Json]]]:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        definitions = root["$defs"]
        assert isinstance(definitions, dict)
        target = definitions[reference.rsplit("/", 1)[-1]]
        assert isinstance(target, dict)
        yield from _leaves(target, root, path)
        return
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name, field in properties.items():
            assert isinstance(field, dict)
            yield from _leaves(field, root, f"{path}.{name}")
        return
    options = schema.get("anyOf")
    inner = [
        *(options if isinstance(options, list) else []),
        schema.get("items"),
        schema.get("additionalProperties"),
    ]
    below = [option for option in inner if isinstance(option, dict)]
    for option in below:
        yield from _leaves(option, root, path)
    if not below:
        yield path, schema
