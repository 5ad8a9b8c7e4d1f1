"""The third-party packages of the layer: exactly what `uv.lock` says of the project's own dependencies."""

import shutil
import subprocess
import sys
from pathlib import Path
from platform import machine

# Lambda's Python 3.13 runs on Amazon Linux 2023, which has glibc 2.34 (AWS Lambda Developer Guide, "Runtimes").
_AWS_PLATFORM = "aarch64-manylinux_2_34"
_PYTHON = "3.13"

# botocore carries the descriptions of 400 services; these are the ones we call.
_SERVICES = frozenset({"cognito-idp", "dynamodb", "events", "s3", "secretsmanager", "sqs"})
_RECORDS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
_FOLDERS = ("bin", "boto3/examples", "aws_lambda_powertools/utilities/testing")


def platform(target: str) -> str:
    """The platform tag the layer is for; `host` is named by what runs this."""
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
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for service in (folder / "botocore/data").iterdir():
        if service.is_dir() and service.name not in _SERVICES:
            shutil.rmtree(service)
    for service in (folder / "boto3/data").iterdir():
        if service.is_dir() and service.name not in _SERVICES:
            shutil.rmtree(service)
    for example in (folder / "botocore/data").rglob("examples-1.json*"):
        example.unlink()
    for tests in [path for path in folder.rglob("tests") if path.is_dir()]:
        shutil.rmtree(tests)
    for stub in folder.rglob("*.pyi"):
        stub.unlink()
    for record in (path for name in _RECORDS for path in folder.glob(f"*.dist-info/{name}")):
        record.unlink()


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise FileNotFoundError("uv is not installed beside this Python: run `make env`")
    return found
