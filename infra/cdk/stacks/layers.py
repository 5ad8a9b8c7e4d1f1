"""The layers: other people's packages by who needs them, and ours."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.build.assets import Asset
from infra.cdk.deployment import Deployment
from infra.cdk.stacks.part import PartStack


class LayersStack(PartStack):
    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, "layers", deployment)
        self._deployment = deployment
        self._layer("shared", deployment.assets.shared)
        if not deployment.assets.unpacked:
            for name, asset in deployment.assets.packages.items():
                self._layer(name, asset)

    def _layer(self, name: str, asset: Asset) -> None:
        stage = self._deployment.stage
        layer = lambda_.LayerVersion(
            self,
            name.capitalize(),
            layer_version_name=f"{self._deployment.names.prefix}-{name}",
            code=lambda_.Code.from_asset(str(asset.path), asset_hash=asset.fingerprint),
            compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
            compatible_architectures=[stage.architecture],
            # A stack that rolls back wants the version it had before.
            removal_policy=RemovalPolicy.DESTROY if stage.is_local else RemovalPolicy.RETAIN,
        )
        self._deployment.publish(self, f"layers/{name}", layer.layer_version_arn)
