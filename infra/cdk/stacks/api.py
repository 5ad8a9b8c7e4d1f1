"""The one HTTP API. Its routes stand in the stacks of their domains."""

import json

from aws_cdk import CfnOutput, Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.cdk.deployment import Deployment
from infra.cdk.names import arn
from infra.cdk.stacks.part import PartStack

_LOGGED = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency_ms": "$context.responseLatency",
    "integration_error": "$context.integrationErrorMessage",
    "authorizer_error": "$context.authorizer.error",
    "response_bytes": "$context.responseLength",
}
_ASKED_HEADERS = ["authorization", "content-type", "idempotency-key"]
_SHOWN_HEADERS = [
    "x-correlation-id",
    "retry-after",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
]


class ApiStack(PartStack):
    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, "api", deployment)
        self._deployment = deployment
        api = apigateway.CfnApi(
            self,
            "Api",
            name=deployment.names.prefix,
            protocol_type="HTTP",
            cors_configuration=apigateway.CfnApi.CorsProperty(
                allow_origins=list(deployment.stage.cors_origins),
                allow_methods=["DELETE", "GET", "PATCH", "POST", "PUT"],
                allow_headers=_ASKED_HEADERS,
                expose_headers=_SHOWN_HEADERS,
                max_age=int(Duration.hours(1).to_seconds()),
            ),
        )
        authorizer = self._authorizer(api)
        self._stage(api)
        deployment.publish(self, "api/id", api.ref)
        deployment.publish(self, "api/authorizer", authorizer.ref)
        CfnOutput(self, "ApiId", value=api.ref)
        CfnOutput(self, "ApiUrl", value=api.attr_api_endpoint)

    def _authorizer(self, api: apigateway.CfnApi) -> apigateway.CfnAuthorizer:
        return apigateway.CfnAuthorizer(
            self,
            "SignedIn",
            api_id=api.ref,
            name="signed-in",
            authorizer_type="JWT",
            identity_source=["$request.header.Authorization"],
            jwt_configuration=apigateway.CfnAuthorizer.JWTConfigurationProperty(
                audience=[self._deployment.told(self, "users/client")],
                issuer=self._deployment.token_issuer(self),
            ),
        )

    def _stage(self, api: apigateway.CfnApi) -> None:
        stage = self._deployment.stage
        per_second, burst = stage.throttle
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            log_group_name=f"/callsheet/{stage.name}/api",
            retention=stage.log_retention,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        apigateway.CfnStage(
            self,
            "Stage",
            api_id=api.ref,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=arn("logs", f"log-group:{log_group.log_group_name}"),
                format=json.dumps(_LOGGED),
            ),
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=per_second, throttling_burst_limit=burst, detailed_metrics_enabled=True
            ),
        )
