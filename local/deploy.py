"""The very same CDK app as in production, deployed onto the laptop cloud; and nothing, where nothing has changed."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local import aws
from local.cdk import Cdk
from local.place import ROOT, Place
from local.processes import Running
from local.programs.ministack import REGION

STACKS = "callsheet-local-"
_SOURCES = ("layers/shared", "functions", "infra", "docs/build")
_FILES = ("cdk.json", "uv.lock", "package-lock.json")


@dataclass(frozen=True, slots=True)
class Target:
    """The cloud to deploy to; `context` is what the app is told of it."""

    place: Place
    running: Running
    endpoint: str
    context: Mapping[str, str]


def deploy(target: Target, told: Callable[[str], None]) -> bool:
    """Bootstrap once, then deploy what has changed; `told` hears of each stack. Whether there was anything to do."""
    wanted = {"process": target.running.identity, "sources": _fingerprint(target.context)}
    known = _known(target.place)
    if known == wanted:
        return False
    cdk = Cdk(target.place, target.endpoint, told)
    if known.get("process") != wanted["process"]:
        told("the account is prepared (cdk bootstrap)")
        cdk.bootstrap(f"aws://000000000000/{REGION}")
    cdk.deploy(target.context)
    target.place.deployed_file.write_text(json.dumps(wanted))
    return True


def outputs(endpoint: str) -> dict[str, str]:
    """The outputs of all our stacks."""
    stacks = aws.client("cloudformation", endpoint).describe_stacks()["Stacks"]
    return {
        output["OutputKey"]: output["OutputValue"]
        for stack in stacks
        if stack["StackName"].startswith(STACKS)
        for output in stack.get("Outputs", [])
    }


def _known(place: Place) -> dict[str, str]:
    try:
        return {str(key): str(value) for key, value in json.loads(place.deployed_file.read_text()).items()}
    except FileNotFoundError:
        return {}


def _fingerprint(context: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(sorted(context.items())).encode())
    for path in _files():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    yield from (ROOT / name for name in _FILES)
    for folder in _SOURCES:
        yield from sorted(
            path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )
