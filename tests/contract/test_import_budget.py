"""With just what the layers hold, importing a handler loads no slow package beyond its row's."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from bench.imports import ENVIRONMENT
from bench.layer import ALL_VENDORS, hiding_prefix
from docs.build import rows

# One interpreter that knows what every function needs; each handler is imported in a fork of it that has loaded nothing
# of ours yet.
_PROBE = """
import importlib, json, os, sys
import aws_lambda_powertools.event_handler, botocore.session, pydantic, pynamodb.models
for name in sys.argv[1:]:
    read, write = os.pipe()
    if os.fork() == 0:
        importlib.import_module(name)
        os.write(write, json.dumps([v for v in %r if v in sys.modules]).encode())
        os._exit(0)
    os.close(write)
    print(name, os.read(read, 4096).decode() or '["failed"]', flush=True)
    os.wait()
"""


def _loaded(names: list[str]) -> dict[str, set[str]]:
    probe = [sys.executable, "-c", hiding_prefix(ALL_VENDORS) + _PROBE % (ALL_VENDORS,), *names]
    out = subprocess.run(probe, capture_output=True, text=True, check=True, env=ENVIRONMENT, timeout=300)
    lines = (line.split(" ", 1) for line in out.stdout.splitlines())
    return {name: set(json.loads(found)) for name, found in lines}


def test_no_handler_loads_a_vendor_that_its_row_does_not_declare() -> None:
    declared = {f"functions.{domain}.{row.name}": set(row.vendors) for domain, row in rows.rows()}
    names = sorted(declared)
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(_loaded, (names[::2], names[1::2])))
    loaded = halves[0] | halves[1]
    assert set(loaded) == set(declared)
    assert {name: found - declared[name] for name, found in loaded.items() if found - declared[name]} == {}


def test_the_probe_sees_a_vendor_that_was_loaded() -> None:
    assert _loaded(["graphql"]) == {"graphql": {"graphql"}}
