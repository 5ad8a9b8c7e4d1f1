"""docs/reference/openapi.json: OpenAPI 3.1 from the route tables and the handlers' signatures."""

import importlib
import inspect
import json
from collections.abc import Mapping, Sequence

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from callsheet.http.caller import CORRELATION_ID
from callsheet.http.endpoint import Operation
from callsheet.http.problems import STATUS, problem_body
from callsheet.kernel.errors import (
    BodyTooLarge,
    CallsheetError,
    Forbidden,
    IdempotencyInProgress,
    IdempotencyKeyReused,
    InvalidRequest,
    NotFound,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.routing import Auth, Endpoint, RateClass
from docs.build import rows
from docs.build.json_types import Json, JsonObject

_REF = "#/components/schemas/{model}"
_PROBLEM: JsonObject = {
    "type": "object",
    "description": "RFC 9457 problem document; further members depend on the code",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "description": "URI reference of the kind of problem"},
        "title": {"type": "string", "description": "The code in words"},
        "status": {"type": "integer", "description": "The HTTP status"},
        "detail": {"type": "string", "description": "What to mend"},
        "code": {"type": "string", "description": "Stable code; docs/reference/errors.md lists them"},
        "correlation_id": {"type": "string", "description": "Names the request in our logs"},
    },
    "additionalProperties": True,
}
_GATEWAY_MESSAGE: JsonObject = {
    "type": "object",
    "description": "API Gateway's own answer, which is no problem document",
    "properties": {"message": {"type": "string"}},
}
_RATE_HEADERS: JsonObject = {
    "RateLimit-Limit": {"description": "Requests the window allows", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "Requests left in it", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until it is full again", "schema": {"type": "integer"}},
}
_CORRELATION_HEADER: JsonObject = {
    "X-Correlation-Id": {"description": "Names the request in our logs", "schema": {"type": "string"}},
}
_CORRELATION: JsonObject = {
    "name": "X-Correlation-Id",
    "in": "header",
    "required": False,
    "description": "The caller's own name for the request; one of another form is passed over for an id of ours.",
    "schema": {"type": "string", "pattern": f"^{CORRELATION_ID.pattern}$"},
}
_IDEMPOTENCY: JsonObject = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Same key and body: the first answer again; other body: 422; running: 409. Kept 24 h.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}

# Which ids a path parameter takes. A provider may be named by the user or by one of their profiles.
_ID_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "booking_id": ("bkg",),
    "user_id": ("usr",),
    "provider_id": ("usr", "prf"),
    "profile_id": ("prf",),
    "service_id": ("svc",),
    "payment_id": ("pmt",),
    "media_id": ("med",),
    "notification_id": ("ntf",),
}

type Schemas = dict[tuple[type[BaseModel], JsonSchemaMode], JsonObject]


def operations() -> list[tuple[str, Operation]]:
    """Domain and operation of each endpoint, by path and method."""
    found = [
        (domain, importlib.import_module(f"functions.{domain}.{row.name}").handler.operation)
        for domain, row in rows.endpoints()
    ]
    return sorted(found, key=lambda entry: (entry[1].row.path, entry[1].row.method))


def document() -> JsonObject:
    """The whole description."""
    found = operations()
    models = _models(found)
    mapping, definitions = models_json_schema(models, ref_template=_REF)
    schemas: Schemas = {key: mapping[key] for key in models}
    paths: dict[str, JsonObject] = {}
    for domain, operation in found:
        path = paths.setdefault(operation.row.path, {})
        path[operation.row.method.lower()] = _operation(domain, operation, schemas)
    components: JsonObject = dict(sorted(definitions.get("$defs", {}).items()))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Callsheet",
            "version": "1",
            "description": "Book creative talent and studios. Times are RFC 3339, money is minor units.",
        },
        "servers": [{"url": "/", "description": "The stage's own address"}],
        "tags": [{"name": domain} for domain in dict.fromkeys(sorted(domain for domain, _ in found))],
        "paths": {**paths},
        "components": {
            "schemas": {**components, "Problem": _PROBLEM, "GatewayMessage": _GATEWAY_MESSAGE},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Cognito's access token",
                }
            },
        },
    }


def _models(found: Sequence[tuple[str, Operation]]) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for _, operation in found:
        if operation.body:
            wanted[operation.body, "validation"] = None
        if operation.answer:
            wanted[operation.answer, "serialization"] = None
    return list(wanted)


def _operation(domain: str, operation: Operation, schemas: Schemas) -> JsonObject:
    row = operation.row
    summary, _, description = inspect.cleandoc(operation.summary).partition("\n")
    entry: JsonObject = {
        "operationId": f"{domain}_{row.name}",
        "tags": [domain],
        "summary": _sentence(summary),
        "parameters": _parameters(operation),
        "responses": _responses(operation, schemas),
        "security": _security(row),
    }
    if description.strip():
        entry["description"] = description.strip()
    if operation.body:
        entry["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[operation.body, "validation"]}},
        }
    return entry


def _sentence(summary: str) -> str:
    """What the module's first line says after its method and path."""
    words = summary.split(": ", 1)[-1].rstrip(".")
    return words[:1].upper() + words[1:]


def _security(row: Endpoint) -> list[Json]:
    match row.auth:
        case Auth.JWT:
            return [{"token": []}]
        case Auth.OPTIONAL:
            return [{}, {"token": []}]
        case Auth.NONE:
            return []


def _parameters(operation: Operation) -> list[Json]:
    parameters: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": _id_schema(name)}
        for name in operation.path_parameters
    ]
    if operation.query:
        schema: JsonObject = operation.query.model_json_schema(by_alias=True)
        definitions, required = schema.get("$defs"), schema.get("required")
        properties = schema.get("properties")
        for name, field in (properties if isinstance(properties, dict) else {}).items():
            inlined = _without_null(_inlined(field, definitions if isinstance(definitions, dict) else {}))
            is_required = isinstance(required, list) and name in required
            parameters.append({"name": name, "in": "query", "required": is_required, "schema": inlined})
    parameters.append(_CORRELATION)
    if operation.row.idempotent:
        parameters.append(_IDEMPOTENCY)
    return parameters


def _id_schema(name: str) -> JsonObject:
    prefixes = _ID_PREFIXES.get(name)
    if prefixes is None:
        return {"type": "string", "minLength": 1}
    patterns = [id_pattern(prefix) for prefix in prefixes]
    return {"type": "string", "pattern": patterns[0] if len(patterns) == 1 else f"({'|'.join(patterns)})"}


def _without_null(schema: Json) -> Json:
    """A query parameter is absent, never null."""
    if not isinstance(schema, dict):
        return schema
    rest: JsonObject = {key: value for key, value in schema.items() if (key, value) != ("default", None)}
    options = rest.get("anyOf")
    if isinstance(options, list):
        kept = [option for option in options if option != {"type": "null"}]
        if len(kept) == 1 and isinstance(kept[0], dict):
            return {**{key: value for key, value in rest.items() if key != "anyOf"}, **kept[0]}
        rest["anyOf"] = kept
    return rest


def _inlined(schema: Json, definitions: Mapping[str, Json]) -> Json:
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return _inlined(definitions[reference.rsplit("/", 1)[-1]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items()}


def _responses(operation: Operation, schemas: Schemas) -> JsonObject:
    success: JsonObject = {"description": "Done; there is nothing to say"}
    if operation.answer:
        success["description"] = (inspect.getdoc(operation.answer) or "Done").splitlines()[0]
        success["content"] = {"application/json": {"schema": schemas[operation.answer, "serialization"]}}
    success["headers"] = _headers(operation.row, operation.status)
    responses: dict[str, Json] = {str(operation.status): success}
    by_status: dict[int, dict[str, type[CallsheetError]]] = {}
    for error in _errors(operation):
        by_status.setdefault(STATUS[error.kind], {})[error.code] = error
    for status in sorted(by_status):
        responses[str(status)] = _problem(status, by_status[status], operation.row)
    return responses


def _errors(operation: Operation) -> list[type[CallsheetError]]:
    row = operation.row
    errors = [*operation.errors, CallsheetError, Unavailable]
    if operation.body or operation.query or row.method != "GET":
        errors += [InvalidRequest, BodyTooLarge]
    if operation.path_parameters:
        errors.append(NotFound)
    if row.auth is not Auth.NONE:
        errors += [Unauthenticated, Forbidden]
    if row.rate is not RateClass.NONE:
        errors.append(RateLimited)
    if row.idempotent:
        errors += [IdempotencyKeyReused, IdempotencyInProgress]
    return errors


def _problem(status: int, errors: Mapping[str, type[CallsheetError]], row: Endpoint) -> JsonObject:
    problem: JsonObject = {"$ref": "#/components/schemas/Problem"}
    content: JsonObject = {
        "application/problem+json": {
            "schema": problem,
            "examples": {
                code: {"value": json.loads(problem_body(error(), "JKJaXmPLvHcESHA="))}
                for code, error in sorted(errors.items())
            },
        }
    }
    if status in {401, 429}:
        content["application/json"] = {"schema": {"$ref": "#/components/schemas/GatewayMessage"}}
    codes = "; ".join(f"`{code}`: {error.title}" for code, error in sorted(errors.items()))
    return {"description": codes, "content": content, "headers": _headers(row, status)}


def _headers(row: Endpoint, status: int) -> JsonObject:
    headers = dict(_CORRELATION_HEADER)
    if row.rate is not RateClass.NONE and status != 401:
        headers |= _RATE_HEADERS
    if status == 429:
        headers["Retry-After"] = {"description": "Seconds to wait", "schema": {"type": "integer"}}
    return headers
