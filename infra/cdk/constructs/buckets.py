"""The buckets: what people upload, what we made of it and serve, documents for ten years, and exports for a week."""

from collections.abc import Iterable

from aws_cdk import CfnOutput, Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from callsheet.kernel.routing import BucketTrigger
from infra.cdk.argue import argue
from infra.cdk.constructs.bucket_trigger import BucketQueue
from infra.cdk.deployment import Deployment
from infra.cdk.stage import Stage

BUCKETS = ("uploads", "media", "records", "exports")
_UPLOADS_KEPT_DAYS = 7
_EXPORTS_KEPT_DAYS = 7
# As long as commercial law anywhere that we know of wants books and vouchers kept.
_RECORDS_KEPT_DAYS = 3653
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
        uploads, lock = name == "uploads", _lock(name, stage)
        bucket = s3.Bucket(
            self,
            name.capitalize(),
            bucket_name=self._deployment.names.bucket(name),
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=stage.tls_only,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=lock is not None or (stage.keeps_data and name == "media"),
            object_lock_default_retention=lock,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
            server_access_logs_bucket=self._access_logs,
            server_access_logs_prefix=f"{name}/" if self._access_logs else None,
            lifecycle_rules=_forgetting(name),
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


def _lock(name: str, stage: Stage) -> s3.ObjectLockRetention | None:
    """Documents that were issued cannot be changed or deleted; in prod by nobody at all, elsewhere for a day.

    None on a laptop: the laptop cloud's CloudFormation leaves a bucket without its lock.
    """
    if name != "records" or stage.is_local:
        return None
    if stage.keeps_data:
        return s3.ObjectLockRetention.compliance(Duration.days(_RECORDS_KEPT_DAYS))
    return s3.ObjectLockRetention.governance(Duration.days(1))


def _forgetting(name: str) -> list[s3.LifecycleRule] | None:
    """What was good of the uploads is in `media` by then, and an export is made anew when it is wanted."""
    kept = {"uploads": _UPLOADS_KEPT_DAYS, "exports": _EXPORTS_KEPT_DAYS}.get(name)
    if kept is None:
        return None
    rule = s3.LifecycleRule(
        expiration=Duration.days(kept), abort_incomplete_multipart_upload_after=Duration.days(1)
    )
    return [rule]


def _browsers_may_post(origins: tuple[str, ...]) -> s3.CorsRule:
    return s3.CorsRule(
        allowed_methods=[s3.HttpMethods.POST],
        allowed_origins=list(origins),
        allowed_headers=["*"],
        exposed_headers=["ETag"],
        max_age=3600,
    )
