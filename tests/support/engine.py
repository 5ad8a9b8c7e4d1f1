"""The real search engine on a free port, for tests: up in a fifth of a second, gone when whoever asked for it is."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import httpx

from callsheet.gateways.typesense_client import forget_engines
from callsheet.platform.settings import settings
from local.place import Place
from local.ports import free_port
from local.programs import typesense

_UP_SECONDS, _DOWN_SECONDS = 20, 5
# Ends the engine when its own input is closed, which happens however this process ends.
_LEASH = '"$@" </dev/null & engine=$!; read -r _; kill -9 "$engine"'
_HEADERS = {"X-TYPESENSE-API-KEY": typesense.API_KEY}


@contextmanager
def running_engine(folder: Path) -> Iterator[str]:
    """Its URL; empty where neither the packaged binary runs nor a server of one's own is named."""
    own = os.environ.get("TYPESENSE_URL")
    if own:
        typesense.ensure_search_key(own.rstrip("/"))
        yield own.rstrip("/")
        return
    if not typesense.runs_here():
        yield ""
        return
    with engine_at(folder, free_port()) as url:
        yield url
        forget_engines()


@contextmanager
def engine_at(folder: Path, port: int) -> Iterator[str]:
    """The packaged binary over what it has kept in `folder`; killed at the end of the block, as by a crash."""
    program = typesense.program(Place(folder), port)
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(
            ("sh", "-c", _LEASH, "sh", *program.command), stdin=subprocess.PIPE, stdout=log, stderr=log
        ) as leash,
    ):
        _wait(program.url)
        typesense.ensure_search_key(program.url)
        yield program.url
        leash.communicate(timeout=_DOWN_SECONDS)


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Our code speaks to the engine at `url` meanwhile."""
    with patch.dict(os.environ, {"TYPESENSE_URL": url}):
        settings.cache_clear()
        yield
    settings.cache_clear()


def emptied(url: str) -> None:
    """No collection and no alias is left."""
    with httpx.Client(base_url=url, headers=_HEADERS, trust_env=False) as http:
        for collection in http.get("/collections").json():
            http.delete(f"/collections/{collection['name']}")
        for alias in http.get("/aliases").json()["aliases"]:
            http.delete(f"/aliases/{alias['name']}")


def _wait(url: str) -> None:
    until = time.monotonic() + _UP_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/health", trust_env=False).json().get("ok") is True:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise AssertionError("The search engine did not start")
