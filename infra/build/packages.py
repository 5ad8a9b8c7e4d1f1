"""Which third-party packages each layer holds, as `uv.lock` knows them.

`core` has what every function stands on; each vendor that a row may declare has a layer with what only it brings.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

CORE = "core"

# A vendor as rows name it, which is how it is imported, and those of the project's dependencies that are it.
VENDORS: Mapping[str, frozenset[str]] = {
    "PIL": frozenset({"pillow"}),
    "graphql": frozenset({"graphql-core", "aiodataloader"}),
    "reportlab": frozenset({"reportlab", "font-source-sans-pro"}),
    "stripe": frozenset({"stripe"}),
    "typesense": frozenset({"typesense"}),
}

type Graph = Mapping[str, frozenset[str]]
_PINNED = re.compile(r"^(?P<name>[\w.-]+)==.*(?:\n\s.*)*\n?", re.MULTILINE)


class UnknownVendor(LookupError):
    """A row declares a vendor that has no layer."""


def layer_names(vendors: Iterable[str]) -> tuple[str, ...]:
    """The layers of packages for a function that declares those vendors. Raises UnknownVendor."""
    wanted = sorted(vendors)
    if unknown := sorted(set(wanted).difference(VENDORS)):
        raise UnknownVendor(f"{', '.join(unknown)}: not in the table of infra/build/packages.py")
    return (CORE, *wanted)


def layers(root: Path) -> dict[str, frozenset[str]]:
    """The packages of each layer; none stands in two."""
    graph = locked_graph(root)
    return divided(graph, _project_dependencies(root), VENDORS)


def divided(
    graph: Graph, direct: frozenset[str], vendors: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Each package to the one vendor that brings it, and to the core what more than one does.

    What another vendor of the table is made of stays there: a row that needs both declares both.
    """
    brought = {name: _closure(graph, own) for name, own in vendors.items()}
    core = _closure(graph, direct.difference(*vendors.values()))
    owners = {
        package: [
            name
            for name, packages in brought.items()
            if package in packages and not _is_of_another(package, name, brought, vendors)
        ]
        for package in frozenset[str]().union(*brought.values()) - core
    }
    shared = {package for package, names in owners.items() if len(names) > 1}
    own = {name: frozenset(p for p, names in owners.items() if names == [name]) for name in vendors}
    return {CORE: core | shared, **own}


def requirements_of(exported: str, packages: frozenset[str]) -> str:
    """The pinned requirements of those packages alone, with their hashes; `exported` is all of `uv export`."""
    found = _PINNED.finditer(exported)
    return "".join(match.group() for match in found if match["name"] in packages)


def locked_graph(root: Path) -> Graph:
    """What each locked package needs, by name; the extras it asks of others included."""
    locked = tomllib.loads((root / "uv.lock").read_text())["package"]
    extras = {package["name"]: package.get("optional-dependencies", {}) for package in locked}

    def needed(dependency: dict[str, object]) -> Iterator[str]:
        name, wanted = str(dependency["name"]), dependency.get("extra", ())
        yield name
        for extra in wanted if isinstance(wanted, list) else ():
            yield from (str(one["name"]) for one in extras[name].get(extra, ()))

    return {
        package["name"]: frozenset(name for one in package.get("dependencies", ()) for name in needed(one))
        for package in locked
    }


def _project_dependencies(root: Path) -> frozenset[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return locked_graph(root)[project["name"]]


def _is_of_another(
    package: str,
    vendor: str,
    brought: Mapping[str, frozenset[str]],
    vendors: Mapping[str, frozenset[str]],
) -> bool:
    """Whether a vendor that this one stands on brings the package already."""
    stands_on = (name for name, own in vendors.items() if name != vendor and own <= brought[vendor])
    return any(package in brought[name] for name in stands_on)


def _closure(graph: Graph, names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += graph[name]
    return frozenset(found)
