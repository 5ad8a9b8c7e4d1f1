"""The CDK app: `cdk synth`, `cdk deploy`. The stage comes from the context key or variable STAGE; prod if neither."""

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(_ROOT / "layers/shared"), str(_ROOT)]

from aws_cdk import App, Environment  # noqa: E402  (callsheet and functions lie where the lines above say)

from docs.build import rows  # noqa: E402
from infra.build.assets import build  # noqa: E402
from infra.cdk.deployment import Deployment  # noqa: E402
from infra.cdk.names import Names  # noqa: E402
from infra.cdk.stage import read_stage  # noqa: E402
from infra.cdk.whole import whole  # noqa: E402


def main() -> None:
    app = App()
    name = str(app.node.try_get_context("stage") or os.environ.get("STAGE") or "prod")
    stage = read_stage(name, app.node.try_get_context)
    assets = build("host" if stage.is_local else "aws", rows.domains())
    environment = Environment(
        account=os.environ.get("CDK_DEFAULT_ACCOUNT"),
        region=os.environ.get("CDK_DEFAULT_REGION", "us-east-1"),
    )
    endpoint_url = os.environ.get("AWS_ENDPOINT_URL") if stage.is_local else None
    deployment = Deployment(stage, assets, Names(stage.name), environment, endpoint_url)
    whole(app, deployment, list(rows.rows()))
    app.synth()


if __name__ == "__main__":
    main()
