"""What it costs to import each handler, over the floor every function stands on."""

import os
import re
import shutil
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.layer import hiding_prefix

ROOT = Path(__file__).parents[1]

# What no function can do without: models, and a client of DynamoDB.
FLOOR = """
import botocore.session
from pydantic import BaseModel
class Floor(BaseModel):
    id: str
botocore.session.get_session().create_client("dynamodb", region_name="eu-central-1")
"""
GOAL, GOAL_WITH_SLOW_VENDOR = 1.2, 1.4
_SLOW = frozenset({"stripe", "graphql", "PIL", "typesense"})
_COLLECTED = re.compile(r"Collected\s*:\s*(\d+)")
# Bytecode is kept in a place of its own whatever the environment says: the layer ships it compiled too.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": str(ROOT / ".build/bench/bytecode"),
    "PYTHONPATH": f"{ROOT / 'layers/shared'}:{ROOT}",
    "PYTHONHASHSEED": "0",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "STAGE": "test",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds, and instructions where there is valgrind; both without the bare interpreter's own."""

    milliseconds: float
    instructions: int | None


def goal(vendors: tuple[str, ...]) -> float:
    """How many floors a function may cost."""
    return GOAL if _SLOW.isdisjoint(vendors) else GOAL_WITH_SLOW_VENDOR


def milliseconds(code: str, rounds: int) -> float:
    """Median CPU time of fresh processes that run `code`."""
    timed = f"import time\n{code}\nprint(time.process_time())"
    return 1000 * statistics.median(
        float(_run([sys.executable, "-c", timed]).stdout.split()[-1]) for _ in range(rounds)
    )


def instructions(code: str) -> int | None:
    """Instructions a fresh process retires for `code`, counted by callgrind; hardly ever different."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    command = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-c", code]
    found = _COLLECTED.search(_run(command).stderr)
    return int(found.group(1)) if found else None


@dataclass(frozen=True, slots=True)
class Measured:
    """Code, and the vendors whose layers it has."""

    code: str
    vendors: tuple[str, ...] = ()


def costs(measured: dict[str, Measured], *, rounds: int, counted: bool) -> dict[str, Cost]:
    """The cost of each piece of code.

    Time is taken one at a time; instructions, which do not mind company, two at a time.
    """
    codes = {
        name: hiding_prefix(one.vendors) + one.code for name, one in {"": Measured(""), **measured}.items()
    }
    for code in codes.values():
        _run([sys.executable, "-c", code])  # bytecode is compiled and disk caches are warm, as in a layer
    timed = {name: milliseconds(code, rounds) for name, code in codes.items()}
    with ThreadPoolExecutor(2) as pool:
        numbers = dict(zip(codes, pool.map(instructions, codes.values()), strict=True)) if counted else {}
    bare = numbers.get("")
    return {
        name: Cost(timed[name] - timed[""], number - bare if (number := numbers.get(name)) and bare else None)
        for name in codes
        if name
    }


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT, timeout=600)
