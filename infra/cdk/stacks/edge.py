"""The edge: CloudFront, with a firewall before it, in front of the HTTP API. Deployed in us-east-1 only."""

from aws_cdk import Aws, CfnOutput, Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.cdk.argue import argue
from infra.cdk.deployment import Deployment
from infra.cdk.stacks.part import PartStack

_PER_ADDRESS_IN_FIVE_MINUTES = 3_000
_WEBHOOKS = "/v1/webhooks/"
_KEPT_DAYS = 90


class EdgeStack(PartStack):
    """WAF counts and filters; nothing is cached here, since every answer is somebody's own."""

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, "edge", deployment)
        self._deployment = deployment
        api_id = deployment.told(self, "api/id")
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=deployment.names.prefix,
            web_acl_id=self._firewall().attr_arn,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            log_bucket=self._log_bucket(),
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(
                    f"{api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}",
                    protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                    origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                    read_timeout=Duration.seconds(30),
                ),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            ),
        )
        _argue(distribution)
        CfnOutput(self, "EdgeUrl", value=f"https://{distribution.distribution_domain_name}")

    def _firewall(self) -> waf.CfnWebACL:
        name = self._deployment.names.prefix
        return waf.CfnWebACL(
            self,
            "Firewall",
            name=name,
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_seen(name),
            rules=[
                _per_address(0),
                # Bodies may be larger than that rule's 8 KB; each endpoint has a limit of its own.
                _managed(1, "AWSManagedRulesCommonRuleSet", counted=("SizeRestrictions_BODY",)),
                _managed(2, "AWSManagedRulesKnownBadInputsRuleSet"),
                _managed(3, "AWSManagedRulesAmazonIpReputationList"),
            ],
        )

    def _log_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Logs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.OBJECT_WRITER,  # CloudFront's standard logs are written by ACL
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(_KEPT_DAYS))],
            removal_policy=RemovalPolicy.RETAIN,
        )
        argue(bucket, {"S1": "The bucket of access logs would log into itself."})
        return bucket


def _per_address(priority: int) -> waf.CfnWebACL.RuleProperty:
    """No address asks more often than this; Stripe's webhooks are not counted."""
    webhooks = waf.CfnWebACL.StatementProperty(
        byte_match_statement=waf.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            positional_constraint="STARTS_WITH",
            search_string=_WEBHOOKS,
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )
    others = waf.CfnWebACL.StatementProperty(
        not_statement=waf.CfnWebACL.NotStatementProperty(statement=webhooks)
    )
    return waf.CfnWebACL.RuleProperty(
        name="PerAddress",
        priority=priority,
        action=waf.CfnWebACL.RuleActionProperty(block={}),
        visibility_config=_seen("PerAddress"),
        statement=waf.CfnWebACL.StatementProperty(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                limit=_PER_ADDRESS_IN_FIVE_MINUTES, aggregate_key_type="IP", scope_down_statement=others
            )
        ),
    )


def _managed(priority: int, name: str, counted: tuple[str, ...] = ()) -> waf.CfnWebACL.RuleProperty:
    """A rule group of AWS's; rules in `counted` are seen but do not block."""
    overrides = [
        waf.CfnWebACL.RuleActionOverrideProperty(
            name=rule, action_to_use=waf.CfnWebACL.RuleActionProperty(count={})
        )
        for rule in counted
    ]
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_seen(name),
        statement=waf.CfnWebACL.StatementProperty(
            managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=overrides or None
            )
        ),
    )


def _seen(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )


def _argue(distribution: cloudfront.Distribution) -> None:
    argue(
        distribution,
        {
            "CFR1": "Clients, talent and fans may be anywhere.",
            "CFR4": "Without a domain of its own it has CloudFront's certificate.",
        },
    )
