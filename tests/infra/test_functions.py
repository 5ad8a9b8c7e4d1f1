"""Every row is a function, and a function has what its row says."""

from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template

from callsheet.kernel.routing import Auth, Endpoint, Row, Schedule
from docs.build.rows import rows
from infra.build.packages import CORE, VENDORS, UnknownVendor
from infra.cdk.deployment import TooManyLayers
from infra.cdk.grants import environment
from infra.cdk.stacks.domain import DomainStack
from infra.cdk.stage import StageRefused, read_stage
from tests.infra.templates import Properties, Synthesised

_ROWS = list(rows())
_ALWAYS = {
    "STAGE",
    "SERVICE_VERSION",
    "LOG_LEVEL",
    "APP_ORIGINS",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
}


def _functions(stage: Synthesised) -> dict[str, Properties]:
    return {properties["FunctionName"]: properties for properties in stage.of_type("AWS::Lambda::Function")}


def _name(stage: Synthesised, domain: str, row: Row) -> str:
    return stage.deployment.names.function(domain, row.name)


def _environment(row: Row) -> set[str]:
    named = [("TABLE", name) for name, _ in row.tables] + [("BUCKET", name) for name, _ in row.buckets]
    named += [("SECRET", name) for name in row.secrets] + [("QUEUE", name) for name in row.queues]
    bus = {"EVENT_BUS"} if row.publishes_bus else set()
    bus |= {"TAX_PROVIDER"} if "stripe" in row.secrets else set()
    return bus | {f"{kind}_{name.upper().replace('/', '_').replace('-', '_')}" for kind, name in named}


def _is_optional(row: Row) -> bool:
    return isinstance(row, Endpoint) and row.auth is Auth.OPTIONAL


def test_there_is_a_function_for_each_row_and_no_other(stage: Synthesised) -> None:
    assert set(_functions(stage)) == {_name(stage, domain, row) for domain, row in _ROWS}


def test_a_function_runs_its_own_module_as_its_row_says(stage: Synthesised) -> None:
    functions = _functions(stage)
    for domain, row in _ROWS:
        function = functions[_name(stage, domain, row)]
        assert function["Handler"] == f"functions.{domain}.{row.name}.handler"
        assert (function["MemorySize"], function["Timeout"]) == (row.memory_mb, row.timeout_seconds)
        assert function.get("ReservedConcurrentExecutions") == row.reserved_concurrency
        assert function["Runtime"] == "python3.13"
        assert function["TracingConfig"] == {"Mode": "Active"}


def test_functions_run_on_graviton_in_prod(prod: Synthesised) -> None:
    assert all(function["Architectures"] == ["arm64"] for function in _functions(prod).values())


def test_a_function_is_told_only_what_its_row_grants(prod: Synthesised) -> None:
    functions = _functions(prod)
    for domain, row in _ROWS:
        variables = functions[_name(prod, domain, row)]["Environment"]["Variables"]
        tokens = {"TOKEN_ISSUER", "TOKEN_CLIENT"} if _is_optional(row) else set()
        assert set(variables) == _ALWAYS | _environment(row) | tokens, f"{domain}/{row.name}"


def _layers(stage: Synthesised) -> dict[str, set[str]]:
    """Each function's layers, by the names they were published under."""
    found = {}
    for template in stage.templates.values():
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                told = [template["Parameters"][layer["Ref"]] for layer in resource["Properties"]["Layers"]]
                names = {parameter["Default"].rpartition("/layers/")[2] for parameter in told}
                found[resource["Properties"]["FunctionName"]] = names
    return found


def test_a_function_has_the_core_our_layer_and_those_of_its_vendors(prod: Synthesised) -> None:
    wanted = {_name(prod, domain, row): {"core", "shared", *row.vendors} for domain, row in _ROWS}
    assert _layers(prod) == wanted


def test_what_functions_ask_for_is_published(prod: Synthesised) -> None:
    published = {parameter["Name"] for parameter in prod.of_type("AWS::SSM::Parameter")}
    for name in set[str]().union(*_layers(prod).values()):
        assert prod.deployment.names.parameter(f"layers/{name}") in published


def test_packages_that_lie_unpacked_are_found_by_path_and_only_those_of_the_row(prod: Synthesised) -> None:
    unpacked = {name: Path(f"/unpacked/{name}") for name in (CORE, *VENDORS)}
    deployment = replace(prod.deployment, assets=replace(prod.deployment.assets, unpacked=unpacked))
    row = Endpoint(name="pay", method="POST", path="/v1/pay", vendors=("stripe",))
    assert deployment.layer_names(row) == ("shared",)
    path = environment("payments", row, deployment)["PYTHONPATH"]
    assert path == "/unpacked/core/python:/unpacked/stripe/python"


def test_a_row_that_declares_more_vendors_than_lambda_has_room_for_is_refused(prod: Synthesised) -> None:
    row = Schedule(name="do_all", rate_minutes=5, vendors=("PIL", "graphql", "stripe", "typesense"))
    with pytest.raises(TooManyLayers, match="do_all"):
        prod.deployment.layer_names(row)


def test_a_row_that_declares_a_vendor_without_a_layer_is_refused(prod: Synthesised) -> None:
    with pytest.raises(UnknownVendor, match="numpy"):
        prod.deployment.layer_names(Schedule(name="count", rate_minutes=5, vendors=("numpy",)))


def test_every_function_has_a_log_group_that_forgets(stage: Synthesised) -> None:
    groups = {group["LogGroupName"]: group for group in stage.of_type("AWS::Logs::LogGroup")}
    for name in _functions(stage):
        assert groups[f"/aws/lambda/{name}"]["RetentionInDays"] > 0


def test_endpoints_start_from_snapshots_in_prod_and_nothing_else_does(prod: Synthesised) -> None:
    functions = _functions(prod)
    for domain, row in _ROWS:
        snaps = "SnapStart" in functions[_name(prod, domain, row)]
        assert snaps == isinstance(row, Endpoint)
    assert len(prod.of_type("AWS::Lambda::Alias")) == sum(isinstance(row, Endpoint) for _, row in _ROWS)


@pytest.mark.parametrize("stage_name", ["dev", "prod"])
@pytest.mark.parametrize(
    "key",
    [
        *("clock_offset_file", "stripe_api_base", "stripe_api_key", "stripe_webhook_secret"),
        *("typesense_api_key", "typesense_search_key"),
    ],
)
def test_only_the_laptop_cloud_may_be_given_a_clock_or_another_stripe(stage_name: str, key: str) -> None:
    with pytest.raises(StageRefused, match=key):
        read_stage(stage_name, {key: "/somewhere/clock"}.get)


def test_the_laptop_cloud_has_a_clock_in_every_function(local: Synthesised) -> None:
    for function in _functions(local).values():
        assert function["Environment"]["Variables"]["CLOCK_OFFSET_FILE"] == "/somewhere/clock"


@pytest.mark.parametrize("stage_name", ["local", "dev", "prod"])
def test_a_table_says_what_the_taxes_are_unless_the_stage_is_told_otherwise(stage_name: str) -> None:
    assert read_stage(stage_name, lambda _: None).tax_provider == "fixed"
    assert read_stage(stage_name, {"tax_provider": "stripe"}.get).tax_provider == "stripe"
    with pytest.raises(StageRefused, match="accountant"):
        read_stage(stage_name, {"tax_provider": "accountant"}.get)


def test_whoever_holds_a_key_of_the_search_engine_knows_where_it_is_and_nobody_else(
    prod: Synthesised,
) -> None:
    stage = read_stage("prod", {"typesense_url": "https://search.example"}.get)
    deployment = replace(prod.deployment, stage=stage)
    for domain, row in _ROWS:
        asks = any(name.startswith("typesense") for name in row.secrets)
        url = environment(domain, row, deployment).get("TYPESENSE_URL")
        assert url == ("https://search.example" if asks else None)


def test_whoever_may_use_stripe_knows_who_says_what_the_taxes_are(prod: Synthesised) -> None:
    functions = _functions(prod)
    for domain, row in _ROWS:
        variables = functions[_name(prod, domain, row)]["Environment"]["Variables"]
        assert variables.get("TAX_PROVIDER") == ("fixed" if "stripe" in row.secrets else None)


def test_a_stage_that_is_not_known_is_refused() -> None:
    with pytest.raises(StageRefused, match="staging"):
        read_stage("staging", lambda _: None)


def test_a_function_that_fails_or_is_throttled_rings(prod: Synthesised) -> None:
    alarms = {alarm["AlarmName"]: alarm for alarm in prod.of_type("AWS::CloudWatch::Alarm")}
    for name in _functions(prod):
        for kind in ("errors", "throttles"):
            assert alarms[f"{name}-{kind}"]["AlarmActions"], name


def test_an_endpoint_for_everybody_that_knows_its_callers_is_told_who_signs_tokens(prod: Synthesised) -> None:
    row = Endpoint(name="see_page", method="GET", path="/v1/pages", auth=Auth.OPTIONAL)
    deployment = replace(prod.deployment, endpoint_url="http://127.0.0.1:1")
    template = Template.from_stack(DomainStack(App(), "users", [row], deployment)).to_json()
    (function,) = [part for part in template["Resources"].values() if part["Type"] == "AWS::Lambda::Function"]
    variables = function["Properties"]["Environment"]["Variables"]
    assert set(variables) == _ALWAYS | {"TOKEN_ISSUER", "TOKEN_CLIENT", "TOKEN_KEYS_URL"}
    (route,) = [part for part in template["Resources"].values() if part["Type"] == "AWS::ApiGatewayV2::Route"]
    assert route["Properties"]["AuthorizationType"] == "NONE"
