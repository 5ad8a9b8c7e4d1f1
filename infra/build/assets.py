"""What is deployed, as zip files in `.build/`: the vendor layer, the shared layer, one asset a domain.

A zip is named by what it was made from, so that a second build finds it and makes nothing.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra.build import trees, vendor

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
    """All that a stage is deployed from. `domains` by the domain's name.

    `unpacked` is the vendor layer as a folder, where it is for this machine: the laptop cloud would otherwise unpack
    its thousands of files again for each worker it starts.
    """

    vendor: Asset
    shared: Asset
    domains: Mapping[str, Asset]
    unpacked: Path | None = None

    def version_of(self, domain: str) -> str:
        """Eight characters that change whenever code that runs in the domain's functions does."""
        parts = (self.vendor, self.shared, self.domains[domain])
        return trees.digest(part.fingerprint.encode() for part in parts)[:8]


def build(target: Target, domains: Iterable[str], root: Path = ROOT) -> Assets:
    """Make what is missing below `root/.build`. Only the vendor layer differs between targets."""
    folder = root / ".build"
    packages = _vendor(target, root, folder)
    return Assets(
        vendor=packages,
        shared=_code("shared", root / "layers/shared", ("callsheet",), "python", folder),
        domains={domain: domain_asset(domain, root, folder) for domain in domains},
        unpacked=trees.unpacked(packages.path) if target == "host" else None,
    )


def _vendor(target: Target, root: Path, folder: Path) -> Asset:
    requirements = vendor.locked_requirements(root)
    sources = (root / "infra/build").glob("*.py")
    fingerprint = trees.digest(
        [
            requirements.encode(),
            vendor.platform(target).encode(),
            *(path.read_bytes() for path in sorted(sources)),
        ]
    )
    path = folder / f"vendor-{target}-{fingerprint[:16]}.zip"
    if not path.exists():
        with trees.staging(folder) as tree:
            vendor.install(requirements, target, tree / "python", root)
            trees.compile_tree(tree, _LAYER_ROOT)
            trees.write_zip(path, tree)
        _forget_old(folder, f"vendor-{target}-")
    return Asset(path, fingerprint)


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
