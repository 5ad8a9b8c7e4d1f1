"""One domain: the functions of its routes table and what triggers them."""

from collections.abc import Sequence

from constructs import Construct

from callsheet.kernel.routing import (
    BucketTrigger,
    Endpoint,
    Row,
    Schedule,
    StreamTrigger,
    UserPoolTrigger,
    Worker,
)
from infra.cdk.constructs.bucket_trigger import BucketTriggerFunction
from infra.cdk.constructs.endpoint import EndpointFunction
from infra.cdk.constructs.function import Domain
from infra.cdk.constructs.schedule import ScheduleFunction
from infra.cdk.constructs.stream_trigger import StreamTriggerFunction
from infra.cdk.constructs.user_pool_trigger import UserPoolTriggerFunction
from infra.cdk.constructs.worker import WorkerFunction
from infra.cdk.deployment import Deployment
from infra.cdk.stacks.part import PartStack


class DomainStack(PartStack):
    def __init__(self, scope: Construct, name: str, rows: Sequence[Row], deployment: Deployment) -> None:
        super().__init__(scope, name, deployment)
        self._domain = Domain(name, deployment, deployment.layers(self, rows))
        for row in rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        match row:
            case Endpoint():
                EndpointFunction(self, self._domain, row)
            case Worker():
                WorkerFunction(self, self._domain, row)
            case Schedule():
                ScheduleFunction(self, self._domain, row)
            case BucketTrigger():
                BucketTriggerFunction(self, self._domain, row)
            case StreamTrigger():
                StreamTriggerFunction(self, self._domain, row)
            case UserPoolTrigger():
                UserPoolTriggerFunction(self, self._domain, row)
