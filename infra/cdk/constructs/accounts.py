"""Who may sign in: the user pool, its groups and its one client."""

from collections.abc import Iterable

from aws_cdk import CfnOutput, Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from callsheet.kernel.principal import Role
from callsheet.kernel.routing import UserPoolTrigger
from infra.cdk.argue import argue
from infra.cdk.deployment import Deployment
from infra.cdk.names import arn


class Accounts(Construct):
    """A pool with a group for each role. `triggers` are the rows of functions that the pool calls."""

    def __init__(
        self, scope: Construct, triggers: Iterable[tuple[str, UserPoolTrigger]], deployment: Deployment
    ) -> None:
        super().__init__(scope, "Accounts")
        self._deployment = deployment
        pool = self._pool()
        for role in Role:
            cognito.CfnUserPoolGroup(self, _words(role), user_pool_id=pool.user_pool_id, group_name=role)
        self._call(pool, triggers)
        client = self._client(pool)
        deployment.publish(self, "users/pool", pool.user_pool_id)
        deployment.publish(self, "users/client", client.user_pool_client_id)
        for name, value in (
            ("UserPoolId", pool.user_pool_id),
            ("UserPoolClientId", client.user_pool_client_id),
        ):
            CfnOutput(self, f"{name}Output", value=value).override_logical_id(name)

    def _pool(self) -> cognito.UserPool:
        keeps = self._deployment.stage.keeps_data
        pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=self._deployment.names.prefix,
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(3),
            ),
            mfa=cognito.Mfa.OFF if self._deployment.stage.is_local else cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            deletion_protection=keeps,
            removal_policy=RemovalPolicy.RETAIN if keeps else RemovalPolicy.DESTROY,
        )
        _argue(pool)
        return pool

    def _call(self, pool: cognito.UserPool, triggers: Iterable[tuple[str, UserPoolTrigger]]) -> None:
        resource = pool.node.default_child
        if isinstance(resource, cognito.CfnUserPool):
            for domain, row in triggers:
                function = arn("lambda", f"function:{self._deployment.names.function(domain, row.name)}")
                resource.add_property_override(f"LambdaConfig.{_words(row.trigger)}", function)

    def _client(self, pool: cognito.UserPool) -> cognito.UserPoolClient:
        return pool.add_client(
            "App",
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=self._deployment.stage.is_local),
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            disable_o_auth=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
        )


def _words(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _argue(pool: cognito.UserPool) -> None:
    argue(
        pool,
        {
            "COG2": "A second factor is offered, not forced on fans and clients.",
            "COG3": "Threat protection is the Plus plan's; every plan slows down who guesses.",
            "COG8": "The Essentials plan has all that is used.",
        },
    )
