"""A job on a clock."""

from aws_cdk import aws_events as events
from constructs import Construct

from callsheet.kernel.routing import Schedule
from infra.cdk.constructs.function import Domain, RowFunction, invoke_permission


class ScheduleFunction(Construct):
    def __init__(self, scope: Construct, domain: Domain, row: Schedule) -> None:
        super().__init__(scope, row.name)
        self.function = RowFunction(self, domain, row)
        unit = "minute" if row.rate_minutes == 1 else "minutes"
        rule = events.CfnRule(
            self,
            "Clock",
            description=f"Runs {domain.worker(row)}",
            schedule_expression=f"rate({row.rate_minutes} {unit})",
            state="ENABLED",
            targets=[
                events.CfnRule.TargetProperty(
                    arn=self.function.called.function_arn,
                    id="function",
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_retry_attempts=1, maximum_event_age_in_seconds=60 * row.rate_minutes
                    ),
                )
            ],
        )
        invoke_permission(self, self.function.called, "events.amazonaws.com", rule.attr_arn)
