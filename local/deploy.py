"""The very same CDK app as in production, deployed onto the laptop cloud; and nothing, where nothing has changed."""

import hashlib
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from local import aws
from local.place import ROOT, Place
from local.processes import Running
from local.programs.ministack import CREDENTIALS, REGION

STACKS = "callsheet-local-"
_CDK = str(ROOT / "node_modules/.bin/cdk")
_LIMIT_SECONDS = 600
_SOURCES = ("layers/shared", "functions", "infra", "docs/build")
_FILES = ("cdk.json", "uv.lock", "package-lock.json")
_DEPLOYED = re.compile(rf"✅\s+{STACKS}(\S+)")


class NotDeployed(RuntimeError):
    """CDK ended with an error; the message is the end of what it said."""


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
    if known.get("process") != wanted["process"]:
        told("the account is prepared (cdk bootstrap)")
        _cdk(target, ("bootstrap", "--app", "true", f"aws://000000000000/{REGION}"), told)
    context = (part for key, value in target.context.items() for part in ("--context", f"{key}={value}"))
    options = ("--all", "--require-approval", "never", "--concurrency", "4", "--progress", "events")
    _cdk(target, ("deploy", *options, *context, "--output", str(target.place.scratch / "cdk.out")), told)
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


def _cdk(target: Target, arguments: Iterable[str], told: Callable[[str], None]) -> None:
    log_path = target.place.logs / "deploy.log"
    with log_path.open("a") as log, _started(target, arguments) as child:
        for line in child.stdout or ():
            log.write(line)
            log.flush()
            if found := _DEPLOYED.search(line):
                told(f"stack {found[1]}")
    if child.returncode:
        end = "\n".join(log_path.read_text().splitlines()[-15:])
        raise NotDeployed(f"cdk ended with {child.returncode}; the whole is in {log_path}\n{end}")


@contextmanager
def _started(target: Target, arguments: Iterable[str]) -> Iterator[subprocess.Popen[str]]:
    """CDK and what it starts, killed where it outlives its limit or our interest."""
    child = subprocess.Popen(
        (_CDK, "--no-notices", "--no-color", "--ci", *arguments),
        cwd=ROOT,
        env={**os.environ, **CREDENTIALS, **_environment(target.endpoint)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    limit = Timer(_LIMIT_SECONDS, os.killpg, (child.pid, signal.SIGKILL))
    limit.start()
    try:
        yield child
        child.wait()
    finally:
        limit.cancel()
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _environment(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "PYTHONPATH": f"{ROOT / 'layers/shared'}:{ROOT}",
        "STAGE": "local",
    }
