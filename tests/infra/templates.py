"""A stage's templates, synthesised in process from the real rows, with nothing in the assets."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from docs.build import rows
from infra.build.assets import Asset, Assets
from infra.build.packages import CORE, VENDORS
from infra.build.trees import write_zip
from infra.cdk.deployment import Deployment
from infra.cdk.names import Names
from infra.cdk.stage import read_stage
from infra.cdk.whole import whole

type Properties = dict[str, Any]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Synthesised:
    """A stage's templates by stack. `findings` are cdk-nag's words, empty where it has none."""

    deployment: Deployment
    templates: Mapping[str, Properties]
    findings: str = ""

    @cached_property
    def resources(self) -> list[tuple[str, Properties]]:
        """Stack and resource, for every resource."""
        return [
            (stack, resource)
            for stack, template in self.templates.items()
            for resource in template["Resources"].values()
        ]

    def whole_of_type(self, kind: str) -> list[Properties]:
        """Each resource of that type, with the policies that stand beside its properties."""
        return [resource for _, resource in self.resources if resource["Type"] == kind]

    def of_type(self, kind: str) -> list[Properties]:
        """The properties of each resource of that type."""
        return [resource.get("Properties", {}) for resource in self.whole_of_type(kind)]

    def resolve(self, value: object) -> str:
        """A string with its joins written out; references stand as `<LogicalId>`."""
        match value:
            case str():
                return value
            case {"Fn::Join": [separator, parts]}:
                return str(separator).join(map(self.resolve, parts))
            case {"Ref": name}:
                return f"<{name}>"
            case {"Fn::GetAtt": [name, attribute]}:
                return f"<{name}.{attribute}>"
            case _:
                raise TypeError(repr(value))


def synthesise(
    stage: str, folder: Path, context: Mapping[str, str] | None = None, *, nag: bool = False
) -> Synthesised:
    """The app as `infra.cdk.app` makes it, but for what lies in the assets."""
    settings = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(outdir=str(folder / "cdk.out"), context=settings)
    assets = _empty_assets(folder)
    where = Environment(region="us-east-1")
    deployment = Deployment(read_stage(stage, dict(context or {}).get), assets, Names(stage), where)
    if nag:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    stacks = whole(app, deployment, list(rows.rows()))
    findings = _synth(app, folder)
    templates = {
        stack.stack_name: json.loads((folder / "cdk.out" / stack.template_file).read_text())
        for stack in stacks
    }
    return Synthesised(deployment, templates, findings)


def _empty_assets(folder: Path) -> Assets:
    path = folder / "empty.zip"
    write_zip(path, folder / "nothing")

    def asset(name: str) -> Asset:
        return Asset(path, hashlib.sha256(name.encode()).hexdigest())

    packages = {name: asset(name) for name in (CORE, *VENDORS)}
    return Assets(packages, asset("shared"), {domain: asset(domain) for domain in rows.domains()})


def _synth(app: App, folder: Path) -> str:
    try:
        app.synth()
    except RuntimeError:
        report = json.loads((folder / "cdk.out/validation-report.json").read_text())
        return "\n".join(_findings(report))
    return ""


def _findings(report: Properties) -> Iterator[str]:
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for construct in violation["violatingConstructs"]:
                yield f"{violation['ruleName']} {construct['constructPath']}"


def statements(role: Properties) -> list[Properties]:
    """The statements of a role's inline policies, actions and resources always as lists."""
    found = [part for policy in role.get("Policies", []) for part in policy["PolicyDocument"]["Statement"]]
    return [
        {**part, "Action": _listed(part["Action"]), "Resource": _listed(part["Resource"])} for part in found
    ]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
