"""What every stack is: a named part of one stage in one account and region."""

from aws_cdk import CliCredentialsStackSynthesizer, Stack
from constructs import Construct

from infra.cdk.deployment import Deployment


class PartStack(Stack):
    """`callsheet-<stage>-<name>`."""

    def __init__(
        self, scope: Construct, name: str, deployment: Deployment, *, is_protected: bool = False
    ) -> None:
        super().__init__(
            scope,
            f"{deployment.names.prefix}-{name}",
            env=deployment.environment,
            termination_protection=is_protected,
            # The laptop cloud, where it enforces IAM, refuses the publishing roles of CDK's own choice.
            synthesizer=CliCredentialsStackSynthesizer() if deployment.stage.is_local else None,
        )
