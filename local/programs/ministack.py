"""AWS on this machine: MiniStack, in an environment of its own (see ADR 0090)."""

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
