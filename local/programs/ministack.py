"""AWS on this machine: MiniStack, in an environment of its own (see ADR 0090)."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from local.place import TOOLS, Place
from local.processes import Program

NAME = "aws"
REGION = "us-east-1"
# Any caller with these is the account's root, also where IAM is enforced.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


def program(place: Place, port: int, *, enforce_iam: bool) -> Program:
    """State lives in the process; what it unpacks goes to the cloud's own scratch folder."""
    return Program(
        name=NAME,
        command=(str(TOOLS / "ministack/bin/python"), "-m", "ministack.app"),
        port=port,
        health_path="/_ministack/health",
        environment={
            **CREDENTIALS,
            "AUTH": str(enforce_iam).lower(),
            "AWS_DEFAULT_REGION": REGION,
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "S3_DATA_DIR": str(place.scratch / "s3"),
            "STATE_DIR": str(place.scratch / "state"),
            "TMPDIR": str(place.scratch),
            # Listeners of its own that we never use, on ports that two clouds would fight over.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        },
    )


def workers(place: Place, function_name: str) -> list[int]:
    """The numbers of the processes that run a function: each has a folder of its own, named after the function."""
    script = re.compile(
        re.escape(f"{place.scratch}/ministack-lambda-{function_name}-") + r"[a-z0-9_]{8}/_worker\.py"
    )
    return [pid for pid, command in _commands() if script.search(command)]


def _commands() -> Iterator[tuple[int, str]]:
    """Every process of this machine, and what it was started with."""
    if not Path("/proc/self/cmdline").exists():
        listed = subprocess.run(
            ("ps", "-Aww", "-o", "pid=,args="), capture_output=True, text=True, check=True
        )
        for line in listed.stdout.splitlines():
            pid, _, command = line.strip().partition(" ")
            yield int(pid), command
        return
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                told = (folder / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield int(folder.name), told.replace(b"\0", b" ").decode(errors="replace")
