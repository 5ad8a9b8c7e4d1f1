"""The one HTTP API has the routes of the tables, and asks for a token where they say so."""

from callsheet.kernel.routing import Auth
from docs.build.rows import endpoints
from tests.infra.templates import Synthesised


def test_the_api_has_the_routes_of_the_tables(stage: Synthesised) -> None:
    routes = {route["RouteKey"]: route for route in stage.of_type("AWS::ApiGatewayV2::Route")}
    rows = {f"{row.method} {row.path}": row for _, row in endpoints()}
    assert set(routes) == set(rows)
    for key, row in rows.items():
        secured = row.auth is Auth.JWT
        assert routes[key]["AuthorizationType"] == ("JWT" if secured else "NONE"), key
        assert ("AuthorizerId" in routes[key]) == secured


def test_there_is_one_api_and_each_route_may_call_its_own_function_alone(stage: Synthesised) -> None:
    assert len(stage.of_type("AWS::ApiGatewayV2::Api")) == 1
    permissions = [
        stage.resolve(permission["SourceArn"])
        for permission in stage.of_type("AWS::Lambda::Permission")
        if permission["Principal"] == "apigateway.amazonaws.com"
    ]
    paths = {permission.partition("/*/")[2] for permission in permissions}
    assert paths == {f"{row.method}{row.path}" for _, row in endpoints()}


def test_the_api_is_throttled_and_says_who_came(prod: Synthesised) -> None:
    (stage,) = prod.of_type("AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 1_000
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 2_000
    assert stage["AccessLogSettings"]["DestinationArn"]
    assert "$context.identity" not in stage["AccessLogSettings"]["Format"], "no address of a person"


def test_browsers_of_other_origins_are_kept_out_of_prod(prod: Synthesised) -> None:
    (api,) = prod.of_type("AWS::ApiGatewayV2::Api")
    assert "*" not in api["CorsConfiguration"]["AllowOrigins"]


def test_a_firewall_stands_before_prod_and_counts_no_webhook(prod: Synthesised) -> None:
    (firewall,) = prod.of_type("AWS::WAFv2::WebACL")
    (rated,) = [rule for rule in firewall["Rules"] if rule["Name"] == "PerAddress"]
    counted = rated["Statement"]["RateBasedStatement"]["ScopeDownStatement"]
    assert counted["NotStatement"]["Statement"]["ByteMatchStatement"]["SearchString"] == "/v1/webhooks/"
    (distribution,) = prod.of_type("AWS::CloudFront::Distribution")
    assert distribution["DistributionConfig"]["WebACLId"]


def test_a_laptop_has_no_edge(local: Synthesised) -> None:
    assert not local.of_type("AWS::CloudFront::Distribution")
