"""What every stack and construct is told of the deployment it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass

from aws_cdk import Aws, Environment
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from callsheet.kernel.routing import Function
from infra.build.assets import Assets
from infra.build.packages import layer_names
from infra.cdk.names import Names
from infra.cdk.stage import Stage

_LAYERS_AT_MOST = 5  # of one function: AWS Lambda Developer Guide, "Lambda quotas"


class TooManyLayers(ValueError):
    """A row declares more vendors than Lambda has room for."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A stage, its names, what is deployed to it, and where; `endpoint_url` where the laptop cloud answers."""

    stage: Stage
    assets: Assets
    names: Names
    environment: Environment
    endpoint_url: str | None = None

    def publish(self, scope: Construct, path: str, value: str) -> None:
        """Tell other stacks a value. Not an export: those cannot change while somebody imports them (aws-cdk#1972)."""
        ssm.StringParameter(
            scope, f"Tell{_words(path)}", parameter_name=self.names.parameter(path), string_value=value
        )

    def told(self, scope: Construct, path: str) -> str:
        """A value that another stack has published, looked up when the stack is deployed."""
        return ssm.StringParameter.value_for_string_parameter(scope, self.names.parameter(path))

    def token_issuer(self, scope: Construct) -> str:
        """Who signs our callers' tokens."""
        return f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}/{self.told(scope, 'users/pool')}"

    def layer_names(self, row: Function) -> tuple[str, ...]:
        """The layers of the row's function. Packages need none where they already lie unpacked.

        Raises UnknownVendor and TooManyLayers.
        """
        held = layer_names(row.vendors)
        if len(held) + 1 > _LAYERS_AT_MOST:
            raise TooManyLayers(f"{row.name} declares {', '.join(row.vendors)}: {len(held) + 1} layers")
        return ("shared",) if self.assets.unpacked else (*held, "shared")

    def layers(self, scope: Construct, rows: Iterable[Function]) -> dict[str, lambda_.ILayerVersion]:
        """By name, the layers of those functions, all of one stack; `scope` is the stack."""
        names = sorted({name for row in rows for name in self.layer_names(row)})
        return {
            name: lambda_.LayerVersion.from_layer_version_arn(
                scope, f"{name.capitalize()}Layer", self.told(scope, f"layers/{name}")
            )
            for name in names
        }


def _words(path: str) -> str:
    return "".join(word.capitalize() for word in path.replace("-", "/").split("/"))
