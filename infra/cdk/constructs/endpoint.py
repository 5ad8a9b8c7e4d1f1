"""An HTTP endpoint: a route of the one API."""

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from constructs import Construct

from callsheet.kernel.routing import Endpoint
from infra.cdk.argue import argue
from infra.cdk.constructs.function import Domain, RowFunction, invoke_permission
from infra.cdk.grants import needs_authorizer
from infra.cdk.names import arn

_GATEWAY_WAITS_SECONDS = 30  # API Gateway Developer Guide, "Quotas for HTTP APIs": at most 30 s


class EndpointFunction(Construct):
    """Roles are not API Gateway's to check (its JWT authorizer knows scopes, not groups): the function does."""

    def __init__(self, scope: Construct, domain: Domain, row: Endpoint) -> None:
        super().__init__(scope, row.name)
        if row.timeout_seconds >= _GATEWAY_WAITS_SECONDS:
            raise ValueError(f"{row.name}: nobody waits for {row.timeout_seconds} s")
        told = domain.deployment.told
        api_id = told(self, "api/id")
        self.function = RowFunction(self, domain, row)
        integration = apigateway.CfnIntegration(
            self,
            "Integration",
            api_id=api_id,
            integration_type="AWS_PROXY",
            integration_uri=self.function.called.function_arn,
            payload_format_version="2.0",
            timeout_in_millis=int(Duration.seconds(_GATEWAY_WAITS_SECONDS).to_milliseconds()),
        )
        secured = needs_authorizer(row)
        route = apigateway.CfnRoute(
            self,
            "Route",
            api_id=api_id,
            route_key=f"{row.method} {row.path}",
            target=f"integrations/{integration.ref}",
            authorization_type="JWT" if secured else "NONE",
            authorizer_id=told(self, "api/authorizer") if secured else None,
        )
        source = arn("execute-api", f"{api_id}/*/{row.method}{row.path}")
        invoke_permission(self, self.function.called, "apigateway.amazonaws.com", source)
        if not secured:
            argue(route, {"APIG4": f"Its row says auth={row.auth}: it is for everybody."})
