"""A queue with its dead letters; both encrypted, the dead letters watched."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.cdk.constructs.alarm import Alarm
from infra.cdk.deployment import Deployment

DEAD_LETTERS_KEPT_DAYS = 14


class DeadLetters(Construct):
    """Where what nobody could handle waits for a person: an alarm rings from the first message on."""

    def __init__(self, scope: Construct, queue_name: str, deployment: Deployment) -> None:
        super().__init__(scope, "DeadLetters")
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=queue_name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=deployment.stage.tls_only,
            retention_period=Duration.days(DEAD_LETTERS_KEPT_DAYS),
        )
        if deployment.stage.watched:
            metric = self.queue.metric_approximate_number_of_messages_visible(
                period=Duration.minutes(1), statistic="Maximum"
            )
            Alarm(self, "Depth", f"{queue_name}-depth", metric, deployment)


class WorkQueue(Construct):
    """The queue of a worker, named `domain/verb_noun`."""

    def __init__(
        self, scope: Construct, worker: str, timeout_seconds: int, max_receives: int, deployment: Deployment
    ) -> None:
        super().__init__(scope, "Work")
        names = deployment.names
        self.dead_letters = DeadLetters(self, names.dead_letters(worker), deployment).queue
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=names.queue(worker),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=deployment.stage.tls_only,
            visibility_timeout=Duration.seconds(deployment.stage.visibility_per_timeout * timeout_seconds),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=max_receives),
        )
