"""events/contracts/<name>/v<N>.json: JSON Schemas of the domain events, from their pydantic models."""

import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import callsheet
from callsheet.kernel.events import Envelope, EventPayload
from docs.build.json_types import Json, JsonObject

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_models() -> list[type[EventPayload]]:
    """Every event of every domain's `events.py` and `*_events.py`, by name and version."""
    found = [model for module in _event_modules() for model in vars(module).values() if _is_event(model)]
    return sorted(set(found), key=lambda model: (model.name, model.version))


def contract(model: type[EventPayload]) -> JsonObject:
    """The schema of the event's payload, with what its envelope says about it."""
    body: JsonObject = model.model_json_schema(mode="serialization")
    return {
        "$schema": _DIALECT,
        "$id": f"callsheet/events/{model.name}/v{model.version}",
        **body,
        "title": model.name,
        "x-version": model.version,
        "x-aggregate": model.aggregate_type,
        "x-privacy": model.privacy,
        "x-retention": model.retention,
    }


def envelope_contract() -> JsonObject:
    """The schema of what every event travels in."""
    body: JsonObject = Envelope.model_json_schema(mode="serialization")
    return {"$schema": _DIALECT, "$id": "callsheet/events/envelope/v1", **body, "title": "envelope"}


def files() -> Iterator[tuple[str, str]]:
    """Path below the repository and content of each contract."""
    yield "events/contracts/envelope/v1.json", _text(envelope_contract())
    for model in event_models():
        yield f"events/contracts/{model.name}/v{model.version}.json", _text(contract(model))


def breaks(old: Mapping[str, Json], new: Mapping[str, Json]) -> list[str]:
    """What a reader of `old` would stumble over in `new`; an empty list says that the change only adds.

    Readers ignore fields they do not know, so a new field is an addition. A field that is gone, has another
    type or fewer guarantees (it was always there and now may be missing or null) is a break and needs a new
    version.
    """
    return list(_breaks(old, new, old, new, "payload"))


def _breaks(
    old: Mapping[str, Json],
    new: Mapping[str, Json],
    old_root: Mapping[str, Json],
    new_root: Mapping[str, Json],
    at: str,
) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    if (was := _kinds(old)) != (now := _kinds(new)) and not now <= was:
        yield f"{at}: was {sorted(was)}, now {sorted(now)}"
    if (values := _values(new)) is not None and (known := _values(old)) is not None and not values <= known:
        yield f"{at}: new values {sorted(values - known)} that readers do not know"
    if old.get("format") != new.get("format"):
        yield f"{at}: format was {old.get('format')}, now {new.get('format')}"
    fields, new_fields = _object(old.get("properties")), _object(new.get("properties"))
    for name, field in fields.items():
        if name not in new_fields:
            yield f"{at}.{name}: removed"
        else:
            yield from _breaks(_object(field), _object(new_fields[name]), old_root, new_root, f"{at}.{name}")
    for name in set(_names(old.get("required"))) - set(_names(new.get("required"))):
        if name in new_fields:
            yield f"{at}.{name}: was always there, now may be missing"
    if "items" in old:
        yield from _breaks(_object(old["items"]), _object(new.get("items")), old_root, new_root, f"{at}[]")


def _resolved(schema: Mapping[str, Json], root: Mapping[str, Json]) -> Mapping[str, Json]:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return _object(_object(root.get("$defs")).get(reference.rsplit("/", 1)[-1]))
    return schema


def _kinds(schema: Mapping[str, Json]) -> frozenset[str]:
    options = schema.get("anyOf")
    if isinstance(options, list):
        return frozenset().union(*(_kinds(_object(option)) for option in options))
    kind = schema.get("type", schema.get("$ref", "anything"))
    return frozenset(map(str, kind)) if isinstance(kind, list) else frozenset({str(kind)})


def _values(schema: Mapping[str, Json]) -> frozenset[str] | None:
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return frozenset(map(str, values)) if isinstance(values, list) else None


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _names(value: Json) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []


def _event_modules() -> Iterator[object]:
    for package in pkgutil.iter_modules(callsheet.__path__, "callsheet."):
        if package.ispkg and package.name != "callsheet.kernel":
            yield from _of_domain(importlib.import_module(package.name))


def _of_domain(domain: ModuleType) -> Iterator[object]:
    for module in pkgutil.iter_modules(domain.__path__, f"{domain.__name__}."):
        name = module.name.rpartition(".")[2]
        if name == "events" or name.endswith("_events"):
            yield importlib.import_module(module.name)


def _is_event(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, EventPayload) and hasattr(value, "name")


def _text(schema: JsonObject) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def stored(folder: Path) -> dict[str, JsonObject]:
    """The committed contracts, by `<name>/v<N>`."""
    return {
        f"{path.parent.name}/{path.stem}": json.loads(path.read_text())
        for path in sorted(folder.glob("*/v*.json"))
    }
