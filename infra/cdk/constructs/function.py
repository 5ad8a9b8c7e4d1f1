"""One Lambda function of a row: its role, its log group, its alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from callsheet.kernel.routing import Auth, Endpoint, Row
from infra.cdk.argue import argue, argue_wildcards
from infra.cdk.constructs.alarm import Alarm
from infra.cdk.deployment import Deployment
from infra.cdk.grants import allow, environment, statements
from infra.cdk.names import arn


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain within its stack: what its functions share."""

    name: str
    deployment: Deployment
    layers: Mapping[str, lambda_.ILayerVersion]

    def worker(self, row: Row) -> str:
        """How other rows name this one in `queues`."""
        return f"{self.name}/{row.name}"


class RowFunction(Construct):
    """The function of a row. `called` is what its trigger calls: an alias where the stage wants SnapStart.

    `trigger` are the statements its trigger needs; they go into the function's own role, which nothing else may
    widen.
    """

    def __init__(
        self, scope: Construct, domain: Domain, row: Row, trigger: Sequence[iam.PolicyStatement] = ()
    ) -> None:
        super().__init__(scope, "Function")
        self._domain, self._row = domain, row
        self.name = domain.deployment.names.function(domain.name, row.name)
        self.function = self._function(self._role(trigger), self._log_group())
        self.called = self._published() if self._snaps else self.function
        if domain.deployment.stage.watched:
            self._watch()

    @property
    def _snaps(self) -> bool:
        return self._domain.deployment.stage.snap_start and isinstance(self._row, Endpoint)

    def _function(self, role: iam.IRole, log_group: logs.ILogGroup) -> lambda_.Function:
        domain, row, deployment = self._domain, self._row, self._domain.deployment
        asset = deployment.assets.domains[domain.name]
        function = lambda_.Function(
            self,
            "Lambda",
            function_name=self.name,
            description=f"functions/{domain.name}/{row.name}.py",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=deployment.stage.architecture,
            handler=f"functions.{domain.name}.{row.name}.handler",
            code=lambda_.Code.from_asset(str(asset.path), asset_hash=asset.fingerprint),
            layers=[domain.layers[name] for name in deployment.layer_names(row)],
            role=role,
            log_group=log_group,
            environment=environment(domain.name, row, deployment) | self._tokens(),
            memory_size=row.memory_mb,
            timeout=Duration.seconds(row.timeout_seconds),
            reserved_concurrent_executions=row.reserved_concurrency,
            tracing=lambda_.Tracing.ACTIVE,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if self._snaps else None,
        )
        argue(function, {"L1": "uv.lock, the layers' bytecode and every test are of Python 3.13."})
        return function

    def _tokens(self) -> dict[str, str]:
        """What a function needs that verifies tokens itself (`callsheet.http.tokens`)."""
        row, deployment = self._row, self._domain.deployment
        if not isinstance(row, Endpoint) or row.auth is not Auth.OPTIONAL:
            return {}
        issuer, client = deployment.token_issuer(self), deployment.told(self, "users/client")
        variables = {"TOKEN_ISSUER": issuer, "TOKEN_CLIENT": client}
        if deployment.endpoint_url:
            pool = deployment.told(self, "users/pool")
            variables["TOKEN_KEYS_URL"] = f"{deployment.endpoint_url}/{pool}/.well-known/jwks.json"
        return variables

    def _log_group(self) -> logs.LogGroup:
        stage = self._domain.deployment.stage
        return logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{self.name}",
            retention=stage.log_retention,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )

    def _role(self, trigger: Sequence[iam.PolicyStatement]) -> iam.IRole:
        log_group = arn("logs", f"log-group:/aws/lambda/{self.name}:log-stream:*")
        always = [
            allow(["logs:CreateLogStream", "logs:PutLogEvents"], log_group),
            allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
        ]
        needed = [*always, *statements(self._row, self._domain.deployment.names), *trigger]
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"Row": iam.PolicyDocument(statements=needed)},
        )
        argue_wildcards(role, needed)
        return role.without_policy_updates()

    def _published(self) -> lambda_.IFunction:
        # The layers are known here by SSM parameter only, which says nothing of a new version: their hashes do.
        self.function.invalidate_version_based_on(
            self._domain.deployment.assets.version_of(self._domain.name, self._row)
        )
        return lambda_.Alias(self, "Live", alias_name="live", version=self.function.current_version)

    def _watch(self) -> None:
        for kind, metric in (
            ("Errors", self.function.metric_errors(period=Duration.minutes(5))),
            ("Throttles", self.function.metric_throttles(period=Duration.minutes(5))),
        ):
            Alarm(self, kind, f"{self.name}-{kind.lower()}", metric, self._domain.deployment)


def invoke_permission(
    scope: Construct, function: lambda_.IFunction, principal: str, source_arn: str
) -> lambda_.CfnPermission:
    """Let a service call the function for this source alone."""
    return lambda_.CfnPermission(
        scope,
        "Permission",
        action="lambda:InvokeFunction",
        function_name=function.function_arn,
        principal=principal,
        source_account=Aws.ACCOUNT_ID,
        source_arn=source_arn,
    )
