"""Form fields against the SDK's params: what comes out is typed, what does not fit is refused in Stripe's words."""

import re
from collections.abc import Mapping, Sequence

from local.stripe_sim.errors import Refusal, invalid, missing
from local.stripe_sim.schemas import Fields, Schema, fields_of
from local.stripe_sim.shapes import Form, Json, Obj, Params

_WHOLE = re.compile(r"-?\d{1,18}")
_FLAGS: Mapping[str, bool] = {"true": True, "false": False}
_MAX_KEYS, _MAX_KEY, _MAX_VALUE, _MAX_TEXT = 50, 40, 500, 5_000


def validated(form: Mapping[str, Form], params: type) -> Params:
    """The parameters of one call. Raises Refusal at the first that is unknown, ill-typed or missing."""
    return Params(_object(form, fields_of(params), ""))


def _object(form: Mapping[str, Form], fields: Fields, path: str) -> Obj:
    for name in form:
        if name not in fields.schemas:
            full = _joined(path, name)
            raise invalid(f"Received unknown parameter: {full}", full, "parameter_unknown")
    for name in sorted(fields.required):
        if name not in form:
            raise missing(_joined(path, name))
    return {name: _value(value, fields.schemas[name], _joined(path, name)) for name, value in form.items()}


def _value(value: Form, schema: Schema, path: str) -> Json:
    if isinstance(value, str):
        return _scalar(value, schema, path)
    if isinstance(value, list) and schema.items is not None:
        items = schema.items
        return [_value(item, items, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict) and schema.is_map:
        return _map(value, path)
    if isinstance(value, dict) and schema.fields:
        return _object(value, _variant(value, schema.fields), path)
    if isinstance(value, list) and schema.is_map:
        return _map({str(index): item for index, item in enumerate(value)}, path)
    raise invalid(f"Invalid {_wanted(schema)}: {path}", path)


def _variant(value: Mapping[str, Form], kinds: Sequence[type]) -> Fields:
    """Of several kinds of object the one that `object` names and whose required parameters are there."""
    variants = [fields_of(kind) for kind in kinds]
    for fields in variants:
        is_named = "object" in fields.schemas and value.get("object") in fields.schemas["object"].values
        if is_named and fields.required <= set(value):
            return fields
    return variants[0]


def _scalar(value: str, schema: Schema, path: str) -> Json:
    if value == "":
        return _empty(schema, path)
    if schema.is_whole and _WHOLE.fullmatch(value):
        return int(value)
    if schema.is_flag and value in _FLAGS:
        return _FLAGS[value]
    if schema.is_number:
        return _number(value, path)
    if value in schema.values or schema.is_text:
        return _bounded(value, path)
    raise _ill_typed(value, schema, path)


def _empty(schema: Schema, path: str) -> Json:
    if schema.is_clearable or schema.is_text or schema.items is not None:
        if path in {"currency", "customer", "payment_method", "id"} and not schema.is_clearable:
            raise _cannot_be_empty(path)
        return ""
    raise _cannot_be_empty(path)


def _cannot_be_empty(path: str) -> Refusal:
    return invalid(
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty "
        "value.",
        path,
        "parameter_invalid_empty",
    )


def _ill_typed(value: str, schema: Schema, path: str) -> Refusal:
    if schema.is_whole:
        return invalid(f"Invalid integer: {value}", path, "parameter_invalid_integer")
    if schema.is_flag:
        return invalid(f"Invalid boolean: {value}", path)
    if schema.values:
        return invalid(f"Invalid {path}: must be one of {', '.join(sorted(schema.values))}", path)
    return invalid(f"Invalid {_wanted(schema)}", path)


def _number(value: str, path: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise invalid(f"Invalid decimal: {value}", path) from error


def _bounded(value: str, path: str) -> str:
    if len(value) > _MAX_TEXT:
        raise invalid(
            f"Invalid string: {value[:10]}…{value[-10:]}; must be at most {_MAX_TEXT} characters", path
        )
    return value


def _map(form: Mapping[str, Form], path: str) -> Obj:
    if len(form) > _MAX_KEYS:
        raise invalid(f"You can only have {_MAX_KEYS} keys in {path}.", path)
    result: Obj = {}
    for key, value in form.items():
        full = f"{path}[{key}]"
        if not isinstance(value, str):
            raise invalid(f"Invalid string: {full}; {path} values must be strings", full)
        if len(key) > _MAX_KEY:
            raise invalid(f"Metadata keys must be at most {_MAX_KEY} characters long.", full)
        if len(value) > _MAX_VALUE:
            raise invalid(f"Metadata values can have up to {_MAX_VALUE} characters.", full)
        result[key] = value
    return result


def _wanted(schema: Schema) -> str:
    if schema.items is not None:
        return "array"
    return "object" if schema.is_map or schema.fields else "string"


def _joined(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
