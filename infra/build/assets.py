"""What is deployed, as zip files in `.build/`: the layers of packages, the shared layer, one asset a domain.

A zip is named by what it was made from, so that a second build finds it and makes nothing.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from callsheet.kernel.routing import Function
from infra.build import packages, trees, vendor

type Target = Literal["aws", "host"]

ROOT = Path(__file__).parents[2]
_LAYER_ROOT = "/opt"
_FUNCTION_ROOT = "/var/task"
_KEPT_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Asset:
    """A zip and the hash of what it was made from."""

    path: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All that a stage is deployed from. `packages` by the layer's name, `domains` by the domain's.

    `unpacked` are the layers of packages as folders, where they are for this machine: the laptop cloud would otherwise
    unpack their thousands of files again for each worker it starts.
    """

    packages: Mapping[str, Asset]
    shared: Asset
    domains: Mapping[str, Asset]
    unpacked: Mapping[str, Path] | None = None

    def layers_of(self, row: Function) -> tuple[Asset, ...]:
        """The layers that the row's function runs on. Raises UnknownVendor."""
        return (*(self.packages[name] for name in packages.layer_names(row.vendors)), self.shared)

    def version_of(self, domain: str, row: Function) -> str:
        """Eight characters that change whenever code that runs in the row's function does."""
        parts = (*self.layers_of(row), self.domains[domain])
        return trees.digest(part.fingerprint.encode() for part in parts)[:8]

    def unzipped_bytes(self, row: Function) -> int:
        """What the row's layers take of the room that Lambda gives to a function's code."""
        return sum(trees.unzipped_bytes(layer.path) for layer in self.layers_of(row))


def build(target: Target, domains: Iterable[str], root: Path = ROOT) -> Assets:
    """Make what is missing below `root/.build`. Only packages differ between targets."""
    folder = root / ".build"
    exported = vendor.locked_requirements(root)
    made = {
        name: _packages(name, packages.requirements_of(exported, held), target, root, folder)
        for name, held in packages.layers(root).items()
    }
    return Assets(
        packages=made,
        shared=_code("shared", root / "layers/shared", ("callsheet",), "python", folder),
        domains={domain: domain_asset(domain, root, folder) for domain in domains},
        unpacked=_unpacked(made) if target == "host" else None,
    )


def _packages(layer: str, requirements: str, target: Target, root: Path, folder: Path) -> Asset:
    makers = (Path(vendor.__file__), Path(trees.__file__))
    fingerprint = trees.digest(
        [
            requirements.encode(),
            vendor.platform(target).encode(),
            *(path.read_bytes() for path in makers),
        ]
    )
    kind = f"packages-{layer}-{target}"
    path = folder / f"{kind}-{fingerprint[:16]}.zip"
    if not path.exists():
        with trees.staging(folder) as tree:
            vendor.install(requirements, target, tree / "python", root)
            trees.compile_tree(tree, _LAYER_ROOT)
            trees.write_zip(path, tree)
        _forget_old(folder, f"{kind}-")
    return Asset(path, fingerprint)


def _unpacked(layers: Mapping[str, Asset]) -> dict[str, Path]:
    return {name: trees.unpacked(asset.path) for name, asset in layers.items()}


def domain_asset(domain: str, root: Path, folder: Path) -> Asset:
    return _code(f"functions-{domain}", root, ("functions/__init__.py", f"functions/{domain}"), "", folder)


def _code(name: str, source: Path, parts: tuple[str, ...], below: str, folder: Path) -> Asset:
    files = dict(trees.files_of(source, parts))
    pieces = (piece for path, content in files.items() for piece in (path.encode(), content))
    fingerprint = trees.digest([below.encode(), *pieces])
    path = folder / f"{name}-{fingerprint[:16]}.zip"
    if not path.exists():
        with trees.staging(folder) as tree:
            trees.write_tree(tree / below, files)
            trees.compile_tree(tree, _LAYER_ROOT if below else _FUNCTION_ROOT)
            trees.write_zip(path, tree)
        _forget_old(folder, f"{name}-")
    return Asset(path, fingerprint)


def _forget_old(folder: Path, prefix: str) -> None:
    """Keep the latest builds of a kind: a branch one comes back to is not built again."""
    length = len(prefix) + 16 + len(".zip")
    found = [path for path in folder.glob(f"{prefix}*.zip") if len(path.name) == length]
    for path in sorted(found, key=lambda path: path.stat().st_mtime)[:-_KEPT_OF_A_KIND]:
        path.unlink(missing_ok=True)
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)
