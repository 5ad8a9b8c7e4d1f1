"""What outlives every deployment: tables, buckets, accounts, secrets, and the bus."""

from collections.abc import Sequence

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_events as events
from constructs import Construct

from callsheet.kernel.routing import BucketTrigger, Row, UserPoolTrigger
from infra.cdk.constructs.accounts import Accounts
from infra.cdk.constructs.buckets import Buckets
from infra.cdk.constructs.tables import Tables
from infra.cdk.constructs.vault import Vault
from infra.cdk.deployment import Deployment
from infra.cdk.stacks.part import PartStack

_ARCHIVED_DAYS = 90


class DataStack(PartStack):
    """`rows` are all there are, by domain: buckets and the user pool must know whom to call."""

    def __init__(self, scope: Construct, rows: Sequence[tuple[str, Row]], deployment: Deployment) -> None:
        super().__init__(scope, "data", deployment, is_protected=deployment.stage.keeps_data)
        Tables(self, deployment)
        Buckets(self, [(domain, row) for domain, row in rows if isinstance(row, BucketTrigger)], deployment)
        Accounts(
            self, [(domain, row) for domain, row in rows if isinstance(row, UserPoolTrigger)], deployment
        )
        Vault(self, deployment)
        self._bus(deployment)

    def _bus(self, deployment: Deployment) -> None:
        bus = events.EventBus(self, "Bus", event_bus_name=deployment.names.bus)
        if deployment.stage.has_archive:
            bus.archive(
                "Archive",
                archive_name=deployment.names.bus,
                description="Domain events, to be replayed into a consumer that was wrong",
                # Not the deadlines, which have no id: what was due then is not due again.
                event_pattern=events.EventPattern(
                    source=events.Match.prefix("callsheet."), detail={"event_id": events.Match.exists()}
                ),
                retention=Duration.days(_ARCHIVED_DAYS),
            )
        CfnOutput(self, "EventBusName", value=bus.event_bus_name)
