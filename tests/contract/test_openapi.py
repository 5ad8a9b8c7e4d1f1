"""Route tables, handler files and OpenAPI say the same, both ways."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from schemathesis.specs.openapi import definitions

from callsheet.kernel.routing import Auth, Endpoint
from docs.build import rows
from docs.build.everything import generated

_ROOT = Path(__file__).parents[2]
_ENDPOINTS = list(rows.endpoints())
_IDS = [f"{domain}.{row.name}" for domain, row in _ENDPOINTS]
_OPENAPI = json.loads(generated()["docs/reference/openapi.json"])
_NOT_HANDLERS = frozenset({"__init__", "routes"})


def _operation(row: Endpoint) -> dict[str, object]:
    found = _OPENAPI["paths"][row.path][row.method.lower()]
    assert isinstance(found, dict)
    return found


def test_every_handler_file_has_a_row_and_every_row_a_file() -> None:
    files = {
        f"{path.parent.name}.{path.stem}"
        for path in (_ROOT / "functions").glob("*/*.py")
        if path.stem not in _NOT_HANDLERS
    }
    assert files == {f"{domain}.{row.name}" for domain, row in rows.rows()}


def test_every_function_has_a_sample_event() -> None:
    samples = {path.stem for path in (_ROOT / "events/samples").glob("*.json")}
    assert {f"{domain}.{row.name}" for domain, row in rows.rows()} <= samples


def test_openapi_has_the_endpoints_of_the_tables_and_no_others() -> None:
    described = {(method.upper(), path) for path, methods in _OPENAPI["paths"].items() for method in methods}
    assert described == {(row.method, row.path) for _, row in _ENDPOINTS}


def test_openapi_is_valid() -> None:
    jsonschema_rs.validator_for(definitions.OPENAPI_31).validate(_OPENAPI)


@pytest.mark.parametrize(("_domain", "row"), _ENDPOINTS, ids=_IDS)
def test_an_operation_says_what_it_does_who_may_call_it_and_what_can_go_wrong(
    _domain: str, row: Endpoint
) -> None:
    operation = _operation(row)
    assert operation["summary"]
    assert operation["security"] == ([] if row.auth is Auth.NONE else operation["security"])
    assert bool(operation["security"]) == (row.auth is not Auth.NONE)
    responses = operation["responses"]
    assert isinstance(responses, dict)
    assert "500" in responses
    assert ("401" in responses) == (row.auth is not Auth.NONE)


@pytest.mark.parametrize(("_domain", "row"), _ENDPOINTS, ids=_IDS)
def test_idempotency_is_described_where_the_row_honours_it(_domain: str, row: Endpoint) -> None:
    parameters = _operation(row)["parameters"]
    assert isinstance(parameters, list)
    assert any(one["name"] == "Idempotency-Key" for one in parameters) == row.idempotent
