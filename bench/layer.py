"""What the vendor layer holds, so that a developer's extra packages neither help nor burden what is measured.

stripe, for one, imports httpx where it finds it, and httpx rich: half a floor that no function pays.
"""

import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement

_ROOT = Path(__file__).parents[1]
_SEPARATORS = re.compile(r"[-_.]+")


@cache
def layer_distributions() -> frozenset[str]:
    """Normalised names of the packages that pyproject's `dependencies` bring, and of all that those need."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    found: set[tuple[str, str]] = set()
    waiting = [(Requirement(line).name, extra) for line in project["dependencies"] for extra in _extras(line)]
    while waiting:
        name, extra = waiting.pop()
        if (key := (_normal(name), extra)) in found:
            continue
        found.add(key)
        for line in requires(name) or ():
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                waiting += [(need.name, one) for one in _extras(line)]
    return frozenset(name for name, _ in found)


@cache
def hidden_modules() -> tuple[str, ...]:
    """Top-level modules that are installed here and will not be in the layer."""
    layer = layer_distributions()
    return tuple(
        sorted(
            module
            for module, owners in packages_distributions().items()
            if module.isidentifier() and layer.isdisjoint(map(_normal, owners))
        )
    )


def hiding_prefix() -> str:
    """Python that makes those modules look missing to what follows."""
    return f"import sys; sys.modules.update(dict.fromkeys({hidden_modules()!r}))\n"


def _extras(line: str) -> tuple[str, ...]:
    return ("", *sorted(Requirement(line).extras))


def _normal(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()
