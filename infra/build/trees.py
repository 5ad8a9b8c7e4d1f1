"""Folders into zips: collected, compiled, packed so that the same sources give the same bytes."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can tell
_PACKED = ("__pycache__",)


class NotCompiled(RuntimeError):
    """A module of the tree has a syntax error."""


def files_of(source: Path, parts: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Path below `source` and content of each file of those parts, in order; links are followed."""
    for part in parts:
        top = source / part
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and not set(path.parts).intersection(_PACKED):
                yield path.relative_to(source).as_posix(), path.read_bytes()


def digest(pieces: Iterable[bytes]) -> str:
    """One hash over pieces; each is hashed with its length."""
    total = hashlib.sha256()
    for piece in pieces:
        total.update(len(piece).to_bytes(8, "big"))
        total.update(piece)
    return total.hexdigest()


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A folder to build in, gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
    try:
        yield tree
    finally:
        shutil.rmtree(tree)


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def compile_tree(tree: Path, deployed_at: str) -> None:
    """Bytecode beside every module: Lambda's file system is read-only, so it could never be kept there.

    Unchecked hashes, because a zip keeps no time stamp that Python would trust (PEP 552). In a process of its own,
    whose workers do not import whatever program this is part of. Raises NotCompiled.
    """
    command = [
        *(sys.executable, "-m", "compileall", "-q", "-j", "0"),
        *("-s", str(tree), "-p", deployed_at, "--invalidation-mode", "unchecked-hash", str(tree)),
    ]
    compiled = subprocess.run(command, check=False, capture_output=True, text=True)
    if compiled.returncode:
        raise NotCompiled(compiled.stdout + compiled.stderr)


def write_zip(path: Path, tree: Path) -> None:
    """Pack a tree; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for file in sorted(tree.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(tree).as_posix(), _EPOCH)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, file.read_bytes())
    unfinished.replace(path)


def unpacked(path: Path) -> Path:
    """The zip as a folder beside it; the folder appears whole or not at all."""
    folder = path.with_suffix("")
    if not folder.exists():
        with staging(path.parent) as tree, zipfile.ZipFile(path) as packed:
            packed.extractall(tree / "whole")
            try:
                (tree / "whole").rename(folder)
            except OSError:
                if not folder.exists():  # else another build was faster
                    raise
    return folder


def unzipped_bytes(path: Path) -> int:
    """What Lambda counts against its limit of 250 MB."""
    with zipfile.ZipFile(path) as packed:
        return sum(entry.file_size for entry in packed.infolist())
