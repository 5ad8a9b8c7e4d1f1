"""The CDK command line against a MiniStack."""

import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from local.place import ROOT, Place
from local.programs.ministack import CREDENTIALS, REGION

NAME = "deploy"  # it has a record like any process: a guard can end it
_COMMAND = str(ROOT / "node_modules/.bin/cdk")
_LIMIT_SECONDS = 600
_QUOTED_LINES = 15
_DEPLOYED = re.compile(r"✅\s+callsheet-local-(\S+)")


class NotDeployed(RuntimeError):
    """CDK ended with an error; the message is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Cdk:
    """`told` hears of each stack that is there. Everything said goes to `deploy.log`."""

    place: Place
    endpoint: str
    told: Callable[[str], None]

    def bootstrap(self, environment: str) -> None:
        """From a folder without `cdk.json`, so that no app is made for it. Raises NotDeployed."""
        self._run(("bootstrap", environment), self.place.scratch)

    def deploy(self, context: Mapping[str, str]) -> None:
        """Every stack. Into an output folder of its own: CDK lets in one command at a time. Raises NotDeployed."""
        told = (part for key, value in context.items() for part in ("--context", f"{key}={value}"))
        options = ("--all", "--require-approval", "never", "--concurrency", "4", "--progress", "events")
        self._run(("deploy", *options, *told, "--output", str(self.place.scratch / "cdk.out")), ROOT)

    def _run(self, arguments: tuple[str, ...], folder: Path) -> None:
        log_path, end = self.place.logs / "deploy.log", deque[str](maxlen=_QUOTED_LINES)
        with log_path.open("a") as log, self._started(arguments, folder) as child:
            for line in child.stdout or ():
                log.write(line)
                log.flush()
                end.append(line)
                if found := _DEPLOYED.search(line):
                    self.told(f"stack {found[1]}")
        if child.returncode:
            raise NotDeployed(
                f"cdk ended with {child.returncode}; the whole is in {log_path}\n{''.join(end)}"
            )

    @contextmanager
    def _started(self, arguments: tuple[str, ...], folder: Path) -> Iterator[subprocess.Popen[str]]:
        """CDK and what it starts, killed where it outlives its limit or our interest."""
        record = self.place.processes / f"{NAME}.json"
        command = (_COMMAND, *arguments, "--no-notices", "--no-color", "--ci")
        child = subprocess.Popen(
            (sys.executable, "-m", "local.started", str(record), "", "0", str(folder), *command),
            cwd=ROOT,
            env={**os.environ, **CREDENTIALS, **_environment(self.endpoint)},
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
            record.unlink(missing_ok=True)


def _environment(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONPATH": f"{ROOT / 'layers/shared'}:{ROOT}",
        "STAGE": "local",
    }
