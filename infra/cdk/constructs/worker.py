"""A consumer: rules on the bus, a queue with dead letters, a function that answers message by message."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from callsheet.kernel.routing import Worker
from infra.cdk.constructs.function import Domain, RowFunction
from infra.cdk.constructs.queue import WorkQueue
from infra.cdk.grants import allow

_DEADLINES = "callsheet.due"
_LARGEST_UNBATCHED = 10  # larger batches need a window to gather in


class WorkerFunction(Construct):
    def __init__(self, scope: Construct, domain: Domain, row: Worker) -> None:
        super().__init__(scope, row.name)
        deployment = domain.deployment
        work = WorkQueue(self, domain.worker(row), row.timeout_seconds, row.max_receives, deployment)
        self._bus = events.EventBus.from_event_bus_name(self, "Bus", deployment.names.bus)
        if row.events:
            self._rule("Events", work, events.Match.prefix("callsheet."), row.events)
        if row.due:
            self._rule("Due", work, [_DEADLINES], tuple(f"due.{kind}" for kind in row.due))
        self.function = RowFunction(self, domain, row, trigger=[may_consume(work.queue)])
        consume(self, self.function.function, work.queue, row.batch_size)

    def _rule(self, kind: str, work: WorkQueue, source: list[str], detail_types: tuple[str, ...]) -> None:
        events.Rule(
            self,
            kind,
            event_bus=self._bus,
            event_pattern=events.EventPattern(source=source, detail_type=list(detail_types)),
            targets=[targets.SqsQueue(work.queue, dead_letter_queue=work.dead_letters)],
        )


def may_consume(queue: sqs.IQueue) -> iam.PolicyStatement:
    """What an event source mapping does in the function's name."""
    actions = ("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage")
    return allow([f"sqs:{action}" for action in actions], queue.queue_arn)


def consume(scope: Construct, function: lambda_.IFunction, queue: sqs.IQueue, batch_size: int) -> None:
    """Feed the queue to the function; what a batch could not do is reported message by message."""
    lambda_.EventSourceMapping(
        scope,
        "Mapping",
        target=function,
        event_source_arn=queue.queue_arn,
        batch_size=batch_size,
        max_batching_window=Duration.seconds(1) if batch_size > _LARGEST_UNBATCHED else None,
        report_batch_item_failures=True,
    )
