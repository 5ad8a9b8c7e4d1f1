"""All generated files: what they should hold, which are stale, and writing them."""

import json
from functools import cache
from pathlib import Path

from graphql import print_schema

from callsheet.graphql.schema import schema
from docs.build import access_paths, errors, events, openapi, state_machines


@cache
def generated() -> dict[str, str]:
    """Content of every generated file, by its path below the repository."""
    return {
        "docs/reference/openapi.json": json.dumps(openapi.document(), indent=2, ensure_ascii=False) + "\n",
        "docs/reference/schema.graphql": print_schema(schema()) + "\n",
        "docs/reference/access-paths.md": access_paths.render(),
        "docs/reference/state-machines.md": state_machines.render(),
        "docs/reference/errors.md": errors.render(),
        **dict(events.files()),
    }


def outdated(root: Path) -> list[str]:
    """Paths whose committed content is not what the code says, and contracts of events that are gone."""
    stale = [path for path, text in generated().items() if _stored(root / path) != text]
    contracts = {str(path.relative_to(root)) for path in (root / "events/contracts").glob("*/v*.json")}
    return sorted([*stale, *(contracts - set(generated()))])


def broken_contracts(root: Path) -> list[str]:
    """What readers of the committed contracts would stumble over."""
    new = {f"{model.name}/v{model.version}": events.contract(model) for model in events.event_models()}
    found = []
    for name, old in events.stored(root / "events/contracts").items():
        if name in new:
            found += [f"{name} {problem}" for problem in events.breaks(old, new[name])]
        elif not name.startswith("envelope/"):
            found.append(f"{name} removed")
    return found


def write(root: Path, paths: list[str]) -> None:
    """Write those files; contracts of events that are gone are deleted."""
    for path in paths:
        target = root / path
        if path in generated():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(generated()[path])
        else:
            target.unlink()


def _stored(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
