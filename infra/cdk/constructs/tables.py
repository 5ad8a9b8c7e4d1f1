"""The tables of `callsheet.platform.tables`."""

from aws_cdk import CfnOutput, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from callsheet.platform.tables import TABLES, TableSpec
from infra.cdk.deployment import Deployment


class Tables(Construct):
    """Each on demand, encrypted, its items expiring by `expires_at`; protected where the stage keeps its data."""

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, "Tables")
        self._deployment = deployment
        for spec in TABLES:
            self._table(spec)

    def _table(self, spec: TableSpec) -> None:
        keeps = self._deployment.stage.keeps_data
        table = dynamodb.Table(
            self,
            spec.name.capitalize(),
            table_name=self._deployment.names.table(spec.name),
            partition_key=_string("pk"),
            sort_key=_string("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=None if self._deployment.stage.is_local else dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=not self._deployment.stage.is_local
            ),
            deletion_protection=keeps,
            removal_policy=RemovalPolicy.RETAIN if keeps else RemovalPolicy.DESTROY,
            time_to_live_attribute="expires_at",
            stream=dynamodb.StreamViewType.NEW_IMAGE if spec.stream else None,
        )
        for index in spec.indexes:
            table.add_global_secondary_index(
                index_name=index.name, partition_key=_string(index.hash), sort_key=_string(index.range)
            )
        if table.table_stream_arn is not None:
            self._deployment.publish(self, f"tables/{spec.name}/stream", table.table_stream_arn)
        CfnOutput(self, f"{spec.name.capitalize()}Name", value=table.table_name).override_logical_id(
            f"Table{spec.name.capitalize()}"
        )


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
