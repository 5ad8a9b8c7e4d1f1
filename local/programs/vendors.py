"""Twilio, SendGrid and Plaid on this machine: the simulators of `local/vendor_sims/`, one process for the three."""

import hashlib
import sys

from local.place import ROOT, Place
from local.processes import Program

NAME = "vendors"


def program(place: Place, port: int) -> Program:
    return Program(
        name=NAME,
        command=(
            *(sys.executable, "-m", "local.vendor_sims", "--port", str(port)),
            *("--clock-file", str(place.clock_file)),
        ),
        port=port,
        environment={"PYTHONPATH": str(ROOT)},
        health_path="/_sim/health",
        version=_version(),
    )


def _version() -> str:
    """Other code is another program."""
    sources = sorted(
        path for name in ("vendor_sims", "simulating") for path in (ROOT / "local" / name).rglob("*.py")
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
