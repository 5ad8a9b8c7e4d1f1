"""Form fields as Stripe nests them: `items[0][price]=x`, `metadata[key]=y`, `expand[]=z`."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from local.stripe_sim.errors import invalid
from local.stripe_sim.shapes import Form

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_MAX_FIELDS = 1_000


def decode(body: bytes | str) -> dict[str, Form]:
    """The fields of a body or a query string. Raises Refusal where they are none, or contradict each other."""
    try:
        text = body if isinstance(body, str) else body.decode()
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise invalid("Invalid request: the body is not form-encoded.") from error
    return nested(pairs)


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Form]:
    """Fields by name, put together. Raises Refusal where they contradict each other."""
    root: dict[str, Form] = {}
    for name, value in pairs:
        _put(root, _parts(name), value, name)
    return {name: _listed(value) for name, value in root.items()}


def _parts(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    if match is None:
        raise invalid(f"Received unknown parameter: {name}", name, "parameter_unknown")
    return [match[1], *_PART.findall(match[2])]


def _put(root: dict[str, Form], parts: list[str], value: str, name: str) -> None:
    node = root
    for part in parts[:-1]:
        child = node.setdefault(part or str(len(node)), {})
        if not isinstance(child, dict):
            raise invalid(f"Invalid object: {name}", name)
        node = child
    last = parts[-1] or str(len(node))
    if last in node:
        raise invalid(f"Received the parameter twice: {name}", name)
    node[last] = value


def _listed(value: Form) -> Form:
    """An object whose keys are 0, 1, 2 … is a list."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) for key, item in value.items()}
    if inner and list(inner) == [str(index) for index in range(len(inner))]:
        return list(inner.values())
    return inner
