"""What is deployed: complete, compiled, small, and the same when nothing changed."""

import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from docs.build import rows
from infra.build.assets import Assets, Target, build, domain_asset
from infra.build.packages import CORE, VENDORS, layer_names
from tests.infra.templates import ROOT

_LIMIT_MB = 60
_UNCHECKED_HASH = 0b01  # PEP 552: a hash instead of a time stamp, and nobody compares it


@pytest.fixture(scope="session")
def host() -> Assets:
    return build("host", rows.domains())


@pytest.mark.parametrize("target", ["host", "aws"])
def test_the_layers_of_each_function_stay_below_60_mb_together(target: Target) -> None:
    assets = build(target, rows.domains())
    sizes_mb = {row.vendors: assets.unzipped_bytes(row) / 1e6 for _, row in rows.rows()}
    assert {vendors: size for vendors, size in sizes_mb.items() if size > _LIMIT_MB} == {}


def test_a_second_build_makes_nothing(host: Assets) -> None:
    made = {path: path.stat().st_mtime_ns for path in (ROOT / ".build").glob("*.zip")}
    again = build("host", rows.domains())
    assert again == host
    for layer in again.packages.values():
        assert made[layer.path] == layer.path.stat().st_mtime_ns


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    packed = []
    for copy in ("a", "b"):
        root = tmp_path / copy
        (root / "functions/greet").mkdir(parents=True)
        (root / "functions/__init__.py").touch()
        (root / "functions/greet/say_hello.py").write_text("def handler(): return 'hello'\n")
        packed.append(domain_asset("greet", root, root / ".build").path.read_bytes())
    assert packed[0] == packed[1]


def test_a_domain_ships_its_own_functions_and_what_they_link_to(host: Assets) -> None:
    with zipfile.ZipFile(host.domains["platform"].path) as packed:
        names = packed.namelist()
        linked = packed.read("functions/platform/openapi.json")
    assert "functions/__init__.py" in names
    assert {name.split("/")[1] for name in names if name.count("/") > 1} <= {"platform", "__pycache__"}
    assert linked == (ROOT / "docs/reference/openapi.json").read_bytes()


def test_all_is_compiled_and_trusts_its_bytecode(host: Assets) -> None:
    for asset in (*host.packages.values(), host.shared, *host.domains.values()):
        with zipfile.ZipFile(asset.path) as packed:
            names = packed.namelist()
            compiled = [name for name in names if name.endswith(".pyc")]
            assert len(compiled) == sum(name.endswith(".py") for name in names)
            flags = {int.from_bytes(packed.read(name)[4:8], "little") for name in compiled}
        assert flags == {_UNCHECKED_HASH}


def test_no_asset_says_on_which_machine_it_was_made(host: Assets) -> None:
    for asset in (host.shared, *host.domains.values()):
        with zipfile.ZipFile(asset.path) as packed:
            assert not [name for name in packed.namelist() if str(ROOT).encode() in packed.read(name)]


def test_botocore_knows_the_services_we_call_and_no_others(host: Assets) -> None:
    with zipfile.ZipFile(host.packages[CORE].path) as packed:
        described = {
            name.split("/")[3] for name in packed.namelist() if name.startswith("python/botocore/data/")
        }
    services = {name for name in described if "." not in name}
    assert services == {"cognito-idp", "dynamodb", "events", "s3", "secretsmanager", "sqs"}


def test_no_file_lies_in_two_layers(host: Assets) -> None:
    """Lambda lays one layer over the other: what two of them hold may come from either."""
    found: Counter[str] = Counter()
    for layer in (*host.packages.values(), host.shared):
        with zipfile.ZipFile(layer.path) as packed:
            found.update(packed.namelist())
    assert {name for name, times in found.items() if times > 1} == set()


@pytest.mark.parametrize("vendors", sorted({row.vendors for _, row in rows.rows()}), ids=" ".join)
def test_every_handler_imports_from_what_its_function_has_alone(
    vendors: tuple[str, ...], host: Assets, tmp_path: Path
) -> None:
    """Without this repository and its environment: a package that its layers lack shows here."""
    assert host.unpacked is not None
    for asset in (host.shared, *host.domains.values()):
        with zipfile.ZipFile(asset.path) as packed:
            packed.extractall(tmp_path)
    held = [str(host.unpacked[name] / "python") for name in layer_names(vendors)]
    modules = [f"functions.{domain}.{row.name}" for domain, row in rows.rows() if row.vendors == vendors]
    script = (
        f"import sys, importlib, importlib.util\n"
        f"sys.path[:0] = {[*held, str(tmp_path / 'python'), str(tmp_path)]!r}\n"
        f"for name in {modules!r}: assert importlib.import_module(name).handler, name\n"
        f"for name in {sorted(set(VENDORS).difference(vendors))!r}: assert not importlib.util.find_spec(name), name\n"
        "import boto3; boto3.client('sqs')\n"
    )
    if "stripe" in vendors:
        script += "import stripe; stripe.StripeClient('sk_test_x').v1.payment_intents\n"
    _run(script, tmp_path)


def _run(script: str, folder: Path) -> None:
    environment = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "Callsheet",
    }
    ran = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
