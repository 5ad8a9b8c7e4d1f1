"""A function that reads a table's stream, in order, until what it reads is done or lies in the dead letters."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from callsheet.kernel.routing import StreamTrigger
from infra.cdk.argue import argue
from infra.cdk.constructs.alarm import Alarm
from infra.cdk.constructs.function import Domain, RowFunction
from infra.cdk.constructs.queue import DeadLetters
from infra.cdk.grants import allow

_RETRIES = 20
_LATE_AFTER_MS = 60_000


class StreamTriggerFunction(Construct):
    def __init__(self, scope: Construct, domain: Domain, row: StreamTrigger) -> None:
        super().__init__(scope, row.name)
        deployment = domain.deployment
        stream_arn = deployment.told(self, f"tables/{row.stream_of}/stream")
        dead = DeadLetters(self, deployment.names.dead_letters(domain.worker(row)), deployment).queue
        argue(
            dead,
            {
                "SQS3": "It is the dead-letter queue itself, of a stream's mapping, where cdk-nag does not look."
            },
        )
        reads = ("DescribeStream", "GetRecords", "GetShardIterator")
        self.function = RowFunction(
            self,
            domain,
            row,
            trigger=[
                allow([f"dynamodb:{action}" for action in reads], stream_arn),
                allow(["dynamodb:ListStreams"], "*"),
                allow(["sqs:SendMessage"], dead.queue_arn),
            ],
        )
        lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=self.function.function,
            event_source_arn=stream_arn,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=row.batch_size,
            bisect_batch_on_error=True,
            retry_attempts=_RETRIES,
            report_batch_item_failures=True,
            on_failure=sources.SqsDlq(dead),
        )
        if deployment.stage.watched:
            age = self.function.function.metric(
                "IteratorAge", period=Duration.minutes(1), statistic="Maximum"
            )
            Alarm(self, "Age", f"{self.function.name}-age", age, deployment, above=_LATE_AFTER_MS)
