"""An alarm that tells the stage's topic."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.cdk.deployment import Deployment
from infra.cdk.names import arn


class Alarm(Construct):
    """Rings when the metric is above `above` in one period; silence is well."""

    def __init__(
        self,
        scope: Construct,
        kind: str,
        name: str,
        metric: cloudwatch.IMetric,
        deployment: Deployment,
        *,
        above: float = 0,
    ) -> None:
        super().__init__(scope, f"{kind}Alarm")
        topic = sns.Topic.from_topic_arn(self, "Topic", arn("sns", deployment.names.alarm_topic))
        alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_name=name,
            metric=metric,
            threshold=above,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
