"""Third-party packages for a layer: exactly what `uv.lock` says of the project's own dependencies, cut to size."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from platform import machine

# Lambda's Python 3.13 runs on Amazon Linux 2023, which has glibc 2.34 (AWS Lambda Developer Guide, "Runtimes").
_AWS_PLATFORM = "aarch64-manylinux_2_34"
_PYTHON = "3.13"

# botocore describes 400 services and where each is in every region; these are the ones we call.
_SERVICES = frozenset({"cognito-idp", "dynamodb", "events", "s3", "secretsmanager", "sqs"})

# What no function loads: command lines, types that only a checker reads, products of Stripe's that we do not sell
# through, a documentation page, fonts that reportlab does not read, a codec for a format that uploads may not have
# (Pillow does without), pydantic's past.
_UNUSED = (
    ".lock",
    "bin",
    "boto3/examples",
    "stripe/params",
    "stripe/events",
    "stripe/issuing",
    "stripe/terminal",
    "stripe/treasury",
    "pydantic/v1",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.js",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.css",
    "font_source_sans_pro/files/*.otf",
    "PIL/_avif.*",
    "pillow.libs/libavif-*",
    "botocore/data/*/*/examples-1.json*",
    "*.dist-info/RECORD",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/uv_cache.json",
    "**/tests",
    "**/*.pyi",
)


def platform(target: str) -> str:
    """The platform tag a layer is for; `host` is named by what runs this."""
    return _AWS_PLATFORM if target == "aws" else f"{sys.platform}-{machine()}"


def locked_requirements(root: Path) -> str:
    """The project's own dependencies as `name==version` lines, hashes included."""
    command = [
        *(_uv(), "export", "--quiet", "--color", "never"),
        *("--frozen", "--no-default-groups", "--no-emit-project", "--no-annotate", "--no-header"),
    ]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def install(requirements: str, target: str, folder: Path, root: Path) -> None:
    """Install into `folder` and cut away what no function reads. Wheels only: nothing is compiled here."""
    folder.mkdir(parents=True)
    listed = folder / "requirements.txt"
    listed.write_text(requirements)
    command = [
        *(_uv(), "pip", "install", "--quiet", "--target", str(folder), "--python", sys.executable),
        *("--requirement", str(listed), "--no-deps", "--require-hashes", "--only-binary", ":all:"),
    ]
    if target == "aws":
        command += ["--python-platform", _AWS_PLATFORM, "--python-version", _PYTHON]
    subprocess.run(command, cwd=root, check=True)
    listed.unlink()
    _trim(folder)


def _trim(folder: Path) -> None:
    for pattern in _UNUSED:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if (folder / "botocore").exists():
        _trim_services(folder)


def _trim_services(folder: Path) -> None:
    for services in ("botocore/data", "boto3/data"):
        for service in (folder / services).iterdir():
            if service.is_dir() and service.name not in _SERVICES:
                shutil.rmtree(service)
    _trim_endpoints(folder / "botocore/data/endpoints.json")


def _trim_endpoints(path: Path) -> None:
    """Every client that is made reads this file whole: megabytes, where kilobytes are asked of it."""
    endpoints = json.loads(path.read_bytes())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in _SERVICES}
    path.write_text(json.dumps(endpoints))


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise FileNotFoundError("uv is not installed beside this Python: run `make env`")
    return found
