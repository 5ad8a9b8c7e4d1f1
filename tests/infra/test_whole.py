"""The stacks as a whole."""

import json

from tests.infra.templates import Synthesised

_WARN_AT = 400  # CloudFormation refuses the 501st resource


def test_cdk_nag_has_no_findings_but_those_argued(prod: Synthesised) -> None:
    assert prod.findings == ""


def test_no_stack_nears_the_limit_of_its_resources(stage: Synthesised) -> None:
    sizes = {name: len(template["Resources"]) for name, template in stage.templates.items()}
    assert {name: size for name, size in sizes.items() if size >= _WARN_AT} == {}


def test_stacks_tell_each_other_through_parameters_never_exports(stage: Synthesised) -> None:
    for template in stage.templates.values():
        assert "Fn::ImportValue" not in json.dumps(template)
        assert not [output for output in template.get("Outputs", {}).values() if "Export" in output]


def test_what_a_stack_asks_for_another_tells(stage: Synthesised) -> None:
    told = {parameter["Name"] for parameter in stage.of_type("AWS::SSM::Parameter")}
    asked = {
        parameter["Default"]
        for template in stage.templates.values()
        for parameter in template.get("Parameters", {}).values()
        if parameter["Type"].startswith("AWS::SSM::Parameter::Value")
        and "cdk-bootstrap" not in parameter["Default"]
    }
    assert asked <= told


def test_the_laptop_cloud_is_told_what_it_looks_for(local: Synthesised) -> None:
    outputs = {name for template in local.templates.values() for name in template.get("Outputs", {})}
    assert outputs >= {"ApiId", "ApiUrl", "UserPoolId", "UserPoolClientId", "EventBusName", "BucketUploads"}


def test_nobody_but_the_deployment_itself_runs_code_of_ours(prod: Synthesised) -> None:
    kinds = {resource["Type"] for _, resource in prod.resources}
    assert not [
        kind for kind in kinds if kind.startswith(("Custom::", "AWS::CloudFormation::CustomResource"))
    ]


def test_there_is_a_dashboard_with_every_domain(prod: Synthesised) -> None:
    (dashboard,) = prod.of_type("AWS::CloudWatch::Dashboard")
    body = prod.resolve(dashboard["DashboardBody"])
    assert all(f"{domain}: errors" in body for domain in prod.deployment.assets.domains)
