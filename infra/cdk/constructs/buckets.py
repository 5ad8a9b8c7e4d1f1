"""The buckets: what people upload, and what we made of it and serve."""

from collections.abc import Iterable

from aws_cdk import CfnOutput, Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from callsheet.kernel.routing import BucketTrigger
from infra.cdk.argue import argue
from infra.cdk.constructs.bucket_trigger import BucketQueue
from infra.cdk.deployment import Deployment

BUCKETS = ("uploads", "media")
_UPLOADS_KEPT_DAYS = 7
_ACCESS_LOGS_KEPT_DAYS = 90


class Buckets(Construct):
    """Private, encrypted, over TLS alone. `triggers` are the rows of functions that wait for objects."""

    def __init__(
        self, scope: Construct, triggers: Iterable[tuple[str, BucketTrigger]], deployment: Deployment
    ) -> None:
        super().__init__(scope, "Buckets")
        self._deployment = deployment
        self._triggers = tuple(triggers)
        self._access_logs = None if deployment.stage.is_local else self._access_log_bucket()
        for name in BUCKETS:
            self._notify(name, self._bucket(name))

    def _bucket(self, name: str) -> s3.Bucket:
        stage = self._deployment.stage
        uploads = name == "uploads"
        bucket = s3.Bucket(
            self,
            name.capitalize(),
            bucket_name=self._deployment.names.bucket(name),
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=stage.tls_only,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=stage.keeps_data and not uploads,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
            server_access_logs_bucket=self._access_logs,
            server_access_logs_prefix=f"{name}/" if self._access_logs else None,
            lifecycle_rules=[_forget_uploads()] if uploads else None,
            cors=[_browsers_may_post(stage.cors_origins)] if uploads else None,
        )
        CfnOutput(self, f"{name}Name", value=bucket.bucket_name).override_logical_id(
            f"Bucket{name.capitalize()}"
        )
        return bucket

    def _notify(self, name: str, bucket: s3.Bucket) -> None:
        """Written into the bucket itself: CDK's own way is a function of its own that may change every bucket."""
        queues = [
            BucketQueue(self, domain, row, self._deployment)
            for domain, row in self._triggers
            if row.bucket == name
        ]
        resource = bucket.node.default_child
        if not queues or not isinstance(resource, s3.CfnBucket):
            return
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[queue.notification for queue in queues]
        )
        for queue in queues:
            bucket.node.add_dependency(queue.allowed)

    def _access_log_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            bucket_name=self._deployment.names.bucket("access-logs"),
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(_ACCESS_LOGS_KEPT_DAYS))],
            removal_policy=RemovalPolicy.RETAIN,
        )
        argue(bucket, {"S1": "The bucket of access logs would log into itself."})
        return bucket


def _forget_uploads() -> s3.LifecycleRule:
    """What was good has been taken over into `media`; what was not need not stay."""
    return s3.LifecycleRule(
        expiration=Duration.days(_UPLOADS_KEPT_DAYS), abort_incomplete_multipart_upload_after=Duration.days(1)
    )


def _browsers_may_post(origins: tuple[str, ...]) -> s3.CorsRule:
    return s3.CorsRule(
        allowed_methods=[s3.HttpMethods.POST],
        allowed_origins=list(origins),
        allowed_headers=["*"],
        exposed_headers=["ETag"],
        max_age=3600,
    )
