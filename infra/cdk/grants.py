"""A row's grants as IAM statements and environment: exactly what it names, and nothing else."""

from aws_cdk import aws_iam as iam

from callsheet.kernel.routing import Auth, Endpoint, Function, Grant
from callsheet.platform.tables import TABLES
from infra.build.packages import layer_names
from infra.cdk.deployment import Deployment
from infra.cdk.names import Names, arn

# TransactWriteItems and TransactGetItems have no actions of their own: each of their parts is checked as the
# action it stands for (DynamoDB Developer Guide, "Using IAM with DynamoDB transactions").
_READ = ("BatchGetItem", "ConditionCheckItem", "GetItem", "Query")
_APPEND = ("ConditionCheckItem", "PutItem")
_WRITE = (*_APPEND, "UpdateItem")

TABLE_ACTIONS: dict[Grant, tuple[str, ...]] = {
    Grant.READ: _READ,
    Grant.APPEND: _APPEND,
    Grant.WRITE: _WRITE,
    Grant.DELETE: ("BatchWriteItem", "DeleteItem"),
    Grant.READ_WRITE: tuple(sorted({*_READ, *_WRITE})),
}
_OBJECT_ACTIONS: dict[Grant, tuple[str, ...]] = {
    Grant.READ: ("s3:GetObject",),
    Grant.APPEND: ("s3:PutObject",),
    Grant.WRITE: ("s3:PutObject",),
    Grant.DELETE: ("s3:DeleteObject",),
    Grant.READ_WRITE: ("s3:GetObject", "s3:PutObject"),
}
# Who holds one of these asks the search engine, and is told where it is.
SEARCH_KEYS = frozenset({"typesense", "typesense_search"})
_READERS = frozenset({Grant.READ, Grant.READ_WRITE})
_INDEXES = {spec.name: [index.name for index in spec.indexes] for spec in TABLES}


def statements(row: Function, names: Names) -> list[iam.PolicyStatement]:
    """What the function's code may do."""
    found = [part for table, held in merged(row.tables).items() for part in _table(table, held, names)]
    found += [part for bucket, held in merged(row.buckets).items() for part in _bucket(bucket, held, names)]
    if row.secrets:
        found.append(allow(["secretsmanager:GetSecretValue"], *map(names.secret_arn, row.secrets)))
    if row.queues:
        queues = (arn("sqs", names.queue(queue)) for queue in row.queues)
        found.append(allow(["sqs:SendMessage"], *queues))
    if row.publishes_bus:
        found.append(allow(["events:PutEvents"], arn("events", f"event-bus/{names.bus}")))
    return found


def environment(domain: str, row: Function, deployment: Deployment) -> dict[str, str]:
    """The function's environment: who it is, and the names of what it may use."""
    names, stage = deployment.names, deployment.stage
    variables = {
        "STAGE": stage.name,
        "SERVICE_VERSION": deployment.assets.version_of(domain, row),
        "LOG_LEVEL": "INFO",
        "APP_ORIGINS": " ".join(stage.app_origins),
        "POWERTOOLS_SERVICE_NAME": domain,
        "POWERTOOLS_METRICS_NAMESPACE": "Callsheet",
    }
    variables |= {_variable("TABLE", table): names.table(table) for table, _ in row.tables}
    variables |= {_variable("BUCKET", bucket): names.bucket(bucket) for bucket, _ in row.buckets}
    variables |= {_variable("SECRET", secret): names.secret(secret) for secret in row.secrets}
    variables |= {_variable("QUEUE", queue): names.queue_url(queue) for queue in row.queues}
    if row.publishes_bus:
        variables["EVENT_BUS"] = names.bus
    if (unpacked := deployment.assets.unpacked) is not None:
        variables["PYTHONPATH"] = ":".join(
            str(unpacked[name] / "python") for name in layer_names(row.vendors)
        )
    if stage.local is not None and stage.local.clock_offset_file:
        variables["CLOCK_OFFSET_FILE"] = stage.local.clock_offset_file
    if stage.local is not None and stage.local.stripe_api_base and "stripe" in row.secrets:
        variables["STRIPE_API_BASE"] = stage.local.stripe_api_base
    if "stripe" in row.secrets:
        variables["TAX_PROVIDER"] = stage.tax_provider
    if stage.typesense_url and not SEARCH_KEYS.isdisjoint(row.secrets):
        variables["TYPESENSE_URL"] = stage.typesense_url
    return variables


def needs_authorizer(row: Endpoint) -> bool:
    """API Gateway can only demand a token; whether an optional one is good, the function finds out."""
    return row.auth is Auth.JWT


def allow(actions: list[str], *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=actions, resources=list(resources))


def merged(grants: tuple[tuple[str, Grant], ...]) -> dict[str, frozenset[Grant]]:
    """All grants of each resource: a row may name one twice where it widens a group of grants."""
    found: dict[str, frozenset[Grant]] = {}
    for name, grant in grants:
        found[name] = found.get(name, frozenset()) | {grant}
    return found


def table_actions(held: frozenset[Grant]) -> list[str]:
    return sorted({f"dynamodb:{action}" for grant in held for action in TABLE_ACTIONS[grant]})


def _table(table: str, held: frozenset[Grant], names: Names) -> list[iam.PolicyStatement]:
    found = [allow(table_actions(held), names.table_arn(table))]
    if held & _READERS and _INDEXES[table]:
        indexes = (f"{names.table_arn(table)}/index/{index}" for index in _INDEXES[table])
        found.append(allow(["dynamodb:Query"], *indexes))
    return found


def _bucket(bucket: str, held: frozenset[Grant], names: Names) -> list[iam.PolicyStatement]:
    actions = sorted({action for grant in held for action in _OBJECT_ACTIONS[grant]})
    found = [allow(actions, f"{names.bucket_arn(bucket)}/*")]
    if held & _READERS:
        # Without it S3 answers 403 instead of 404 for an object that is not there.
        found.append(allow(["s3:ListBucket"], names.bucket_arn(bucket)))
    return found


def _variable(kind: str, logical_name: str) -> str:
    return f"{kind}_{logical_name.upper().replace('-', '_').replace('/', '_')}"
