"""The secrets there are."""

import json

from aws_cdk import RemovalPolicy, SecretValue
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.cdk.argue import argue
from infra.cdk.deployment import Deployment

_KEY_LENGTH = 64


class Vault(Construct):
    """`cursor` signs page cursors with a key nobody has seen; Stripe's are filled in by hand after the first deploy.

    `stripe` is for who speaks to Stripe, `stripe_webhook` for who only hears it; `typesense` may write, and
    `typesense_search` only search. In the laptop cloud, whose keys open nothing, all come with the deployment.
    """

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, "Vault")
        self._deployment = deployment
        self._secret("cursor", "Rotate by deleting `key`'s value: open cursors end.", generated=("{}", "key"))
        local = deployment.stage.local
        if local is not None:
            self._local_s("stripe", {"api_key": local.stripe_api_key})
            self._local_s("stripe_webhook", {"webhook_secret": local.stripe_webhook_secret})
            self._local_s("typesense", {"api_key": local.typesense_api_key})
            self._local_s("typesense_search", {"api_key": local.typesense_search_key})
        else:
            self._unset("stripe", "api_key")
            self._unset("stripe_webhook", "webhook_secret")
            self._unset("typesense", "api_key")
            self._unset("typesense_search", "api_key")

    def _local_s(self, name: str, keys: dict[str, str]) -> None:
        self._secret(name, "The laptop cloud's", value=json.dumps(keys))

    def _unset(self, name: str, key: str) -> None:
        template = json.dumps({key: "unset"})
        self._secret(name, "Filled in by hand: docs/guides/operations.md", generated=(template, "unused"))

    def _secret(
        self,
        name: str,
        description: str,
        *,
        value: str | None = None,
        generated: tuple[str, str] | None = None,
    ) -> None:
        template, key = generated or (None, None)
        keeps = self._deployment.stage.keeps_data
        secret = secretsmanager.Secret(
            self,
            name.title().replace("_", ""),
            secret_name=self._deployment.names.secret(name),
            description=description,
            secret_string_value=SecretValue.unsafe_plain_text(value) if value else None,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=template,
                generate_string_key=key,
                password_length=_KEY_LENGTH,
                exclude_punctuation=True,
            )
            if generated
            else None,
            removal_policy=RemovalPolicy.RETAIN if keeps else RemovalPolicy.DESTROY,
        )
        argue(
            secret,
            {
                "SMG4": "Vendors' keys are rolled where they are made; a new cursor key would end open cursors. "
                "docs/guides/operations.md says how to rotate both."
            },
        )
