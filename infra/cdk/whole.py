"""All stacks of a stage, in the order in which they stand on each other."""

from collections.abc import Sequence

from aws_cdk import Stack, Tags
from constructs import Construct

from callsheet.kernel.routing import Row
from infra.cdk.deployment import Deployment
from infra.cdk.stacks.api import ApiStack
from infra.cdk.stacks.data import DataStack
from infra.cdk.stacks.domain import DomainStack
from infra.cdk.stacks.edge import EdgeStack
from infra.cdk.stacks.layers import LayersStack
from infra.cdk.stacks.observability import ObservabilityStack


def whole(app: Construct, deployment: Deployment, rows: Sequence[tuple[str, Row]]) -> list[Stack]:
    """The stacks of the stage; `rows` are all there are, each with its domain."""
    stage = deployment.stage
    data = DataStack(app, rows, deployment)
    layers = LayersStack(app, deployment)
    api = ApiStack(app, deployment)
    api.add_stack_dependency(data)
    below: list[Stack] = [data, layers, api]
    beside: list[Stack] = []
    if stage.watched:
        below.append(ObservabilityStack(app, rows, deployment))
        below[-1].add_stack_dependency(api)
    if stage.has_edge:
        beside.append(EdgeStack(app, deployment))
        beside[-1].add_stack_dependency(api)
    domains = [
        DomainStack(app, domain, [row for of, row in rows if of == domain], deployment)
        for domain in dict.fromkeys(domain for domain, _ in rows)
    ]
    for domain in domains:
        for stack in below:
            domain.add_stack_dependency(stack)
    Tags.of(app).add("callsheet:stage", stage.name)
    return [*below, *beside, *domains]
