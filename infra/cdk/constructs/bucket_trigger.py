"""A function for each new object: the bucket tells a queue, the queue feeds the function.

The queue stands in the stack of the data, because S3 accepts a notification only for a queue that is there.
"""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from callsheet.kernel.routing import BucketTrigger
from infra.cdk.constructs.function import Domain, RowFunction
from infra.cdk.constructs.queue import WorkQueue
from infra.cdk.constructs.worker import consume, may_consume
from infra.cdk.deployment import Deployment
from infra.cdk.names import arn

_BATCH_SIZE = 1  # an object may take the function's whole time


class BucketQueue(Construct):
    """The queue of a bucket trigger, and the notification that fills it."""

    def __init__(self, scope: Construct, domain: str, row: BucketTrigger, deployment: Deployment) -> None:
        worker = f"{domain}/{row.name}"
        super().__init__(scope, worker.replace("/", "-"))
        self._prefix = row.prefix
        work = WorkQueue(self, worker, row.timeout_seconds, row.max_receives, deployment)
        self._queue = work.queue
        self.allowed = self._queue.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"],
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                resources=[self._queue.queue_arn],
                conditions={
                    "ArnEquals": {"aws:SourceArn": deployment.names.bucket_arn(row.bucket)},
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                },
            )
        ).policy_dependable

    @property
    def notification(self) -> s3.CfnBucket.QueueConfigurationProperty:
        rule = s3.CfnBucket.FilterRuleProperty(name="prefix", value=self._prefix)
        return s3.CfnBucket.QueueConfigurationProperty(
            event="s3:ObjectCreated:*",
            queue=self._queue.queue_arn,
            filter=s3.CfnBucket.NotificationFilterProperty(
                s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=[rule])
            ),
        )


class BucketTriggerFunction(Construct):
    def __init__(self, scope: Construct, domain: Domain, row: BucketTrigger) -> None:
        super().__init__(scope, row.name)
        queue_arn = arn("sqs", domain.deployment.names.queue(domain.worker(row)))
        queue = sqs.Queue.from_queue_arn(self, "Queue", queue_arn)
        self.function = RowFunction(self, domain, row, trigger=[may_consume(queue)])
        consume(self, self.function.function, queue, _BATCH_SIZE)
