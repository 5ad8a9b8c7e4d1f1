"""A function that the user pool calls.

The pool names it by its ARN, which follows from its row, so that the pool can be there before it.
"""

from constructs import Construct

from callsheet.kernel.routing import UserPoolTrigger
from infra.cdk.constructs.function import Domain, RowFunction, invoke_permission
from infra.cdk.names import arn


class UserPoolTriggerFunction(Construct):
    def __init__(self, scope: Construct, domain: Domain, row: UserPoolTrigger) -> None:
        super().__init__(scope, row.name)
        self.function = RowFunction(self, domain, row)
        pool = arn("cognito-idp", f"userpool/{domain.deployment.told(self, 'users/pool')}")
        invoke_permission(self, self.function.called, "cognito-idp.amazonaws.com", pool)
