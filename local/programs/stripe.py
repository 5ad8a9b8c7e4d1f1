"""Stripe on this machine: the simulator of `local/stripe_sim/`, unless a real test key is at hand."""

import hashlib
import os
import sys

from local.place import ROOT, Place
from local.processes import Program

NAME = "stripe"
WEBHOOK_SECRET = "whsec_callsheet_local"
_SIMULATED_KEY = "sk_test_callsheet"


def real_key() -> str | None:
    """A key of one's own Stripe account in test mode. Live keys are refused: this is a laptop."""
    key = os.environ.get("STRIPE_API_KEY") or None
    if key is not None and not key.startswith(("sk_test_", "rk_test_")):
        raise SystemExit("STRIPE_API_KEY is no test key (sk_test_…): the laptop cloud does not take it")
    return key


def api_key() -> str:
    return real_key() or _SIMULATED_KEY


def webhook_secret() -> str:
    """The simulator's, or what `stripe listen` has printed."""
    return os.environ.get("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET) if real_key() else WEBHOOK_SECRET


def program(place: Place, port: int) -> Program:
    return Program(
        name=NAME,
        command=(
            *(sys.executable, "-m", "local.stripe_sim", "--port", str(port)),
            *("--webhook-secret", WEBHOOK_SECRET, "--clock-file", str(place.clock_file)),
        ),
        port=port,
        environment={"PYTHONPATH": f"{ROOT / 'layers/shared'}:{ROOT}"},
        health_path="/_sim/health",
        version=_version(),
    )


def _version() -> str:
    """Other code is another program."""
    sources = sorted(
        path for name in ("stripe_sim", "simulating") for path in (ROOT / "local" / name).rglob("*.py")
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
