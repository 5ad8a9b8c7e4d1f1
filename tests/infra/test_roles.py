"""A function's role allows what its row grants, and nothing beside it."""

from collections.abc import Iterable

from callsheet.kernel.routing import BucketTrigger, Grant, Row, StreamTrigger, Worker
from callsheet.platform.tables import TABLES
from docs.build.rows import rows
from infra.cdk.grants import TABLE_ACTIONS, merged, table_actions
from tests.infra.templates import Properties, Synthesised, statements

_ROWS = list(rows())
_UNNAMED = {"xray:PutTelemetryRecords", "xray:PutTraceSegments", "dynamodb:ListStreams"}


def _roles(stage: Synthesised) -> dict[str, Properties]:
    """The role of each function, by the function's name."""
    found = {}
    for template in stage.templates.values():
        resources = template["Resources"]
        for resource in resources.values():
            if resource["Type"] == "AWS::Lambda::Function":
                properties = resource["Properties"]
                role, _ = properties["Role"]["Fn::GetAtt"]
                found[properties["FunctionName"]] = resources[role]["Properties"]
    return found


def _allowed(stage: Synthesised, role: Properties) -> set[tuple[str, str]]:
    """Action and resource of all that the role allows."""
    return {
        (action, stage.resolve(resource))
        for statement in statements(role)
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def _of_service(allowed: Iterable[tuple[str, str]], service: str) -> set[tuple[str, str]]:
    return {(action, resource) for action, resource in allowed if action.startswith(f"{service}:")}


def _tables(stage: Synthesised, row: Row) -> set[tuple[str, str]]:
    indexes = {spec.name: [index.name for index in spec.indexes] for spec in TABLES}
    expected = set()
    for table, held in merged(row.tables).items():
        arn = stage.deployment.names.table(table)
        expected |= {(action, arn) for action in table_actions(held)}
        if "dynamodb:Query" in table_actions(held):
            expected |= {("dynamodb:Query", f"{arn}/index/{index}") for index in indexes[table]}
    return expected


def test_each_function_has_a_role_of_its_own_that_only_lambda_takes(stage: Synthesised) -> None:
    roles = _roles(stage)
    assert len(roles) == len(_ROWS) == len(stage.of_type("AWS::IAM::Role"))
    for role in roles.values():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert "ManagedPolicyArns" not in role
    assert not stage.of_type("AWS::IAM::Policy"), "only the row widens a role"


def test_a_role_reaches_the_tables_of_its_row_and_no_others(stage: Synthesised) -> None:
    roles = _roles(stage)
    for domain, row in _ROWS:
        allowed = _allowed(stage, roles[stage.deployment.names.function(domain, row.name)])
        tables = {
            (action, resource.partition(":table/")[2])
            for action, resource in _of_service(allowed, "dynamodb")
            if ":table/" in resource
        }
        assert tables == _tables(stage, row), f"{domain}/{row.name}"


def test_who_reads_cannot_write_and_who_writes_cannot_read() -> None:
    reads, writes = set(TABLE_ACTIONS[Grant.READ]), set(TABLE_ACTIONS[Grant.WRITE])
    assert reads == {"BatchGetItem", "ConditionCheckItem", "GetItem", "Query"}
    assert writes == {"ConditionCheckItem", "PutItem", "UpdateItem"}
    assert set(TABLE_ACTIONS[Grant.READ_WRITE]) == reads | writes
    assert set(TABLE_ACTIONS[Grant.APPEND]) == writes - {"UpdateItem"}
    assert set(TABLE_ACTIONS[Grant.DELETE]) == {"BatchWriteItem", "DeleteItem"}


def test_nobody_takes_anything_away_but_who_sweeps_what_was_due_and_who_ends_an_instant_order() -> None:
    deleting = [
        (f"{domain}/{row.name}", table)
        for domain, row in _ROWS
        for table, held in merged(row.tables).items()
        if "dynamodb:DeleteItem" in table_actions(held) or "dynamodb:BatchWriteItem" in table_actions(held)
    ]
    assert sorted(deleting) == [
        ("catalogue/remove_favourite", "catalogue"),
        ("catalogue/update_profile", "catalogue"),  # names it lets go of
        ("graphql/execute_operation", "catalogue"),  # as these two
        ("graphql/execute_operation", "reviews"),  # as hiding a review that was reported
        ("graphql/execute_operation", "search"),  # as saving, changing and deleting a search
        ("payments/apply_stripe_event", "transfers"),
        ("platform/sweep_due", "platform"),
        ("reviews/hide_review", "reviews"),  # that it waits
        ("reviews/keep_review", "reviews"),
        ("search/delete_saved_search", "search"),
        ("search/save_search", "search"),  # an alert, where it is to be silent
        ("search/update_saved_search", "search"),
        ("transfers/check_payouts", "transfers"),
        ("transfers/pay_instantly", "transfers"),
    ]


def test_what_has_happened_is_never_changed() -> None:
    for domain, row in _ROWS:
        held = merged(row.tables).get("events", frozenset())
        assert held <= {Grant.READ, Grant.APPEND}, f"{domain}/{row.name}"


def test_who_hears_stripe_from_outside_cannot_speak_to_it() -> None:
    (row,) = [row for _, row in _ROWS if row.name == "receive_stripe_event"]
    assert row.secrets == ("stripe_webhook",)
    assert merged(row.tables) == {"payments": frozenset({Grant.APPEND})}


def test_a_role_names_its_secrets_queues_and_bus(stage: Synthesised) -> None:
    names = stage.deployment.names
    roles = _roles(stage)
    for domain, row in _ROWS:
        allowed = _allowed(stage, roles[names.function(domain, row.name)])
        secrets = {resource.rsplit(":", 1)[1] for _, resource in _of_service(allowed, "secretsmanager")}
        assert secrets == {f"{names.secret(secret)}-??????" for secret in row.secrets}
        buses = {resource.rsplit("/", 1)[1] for _, resource in _of_service(allowed, "events")}
        assert buses == ({names.bus} if row.publishes_bus else set())
        sent = {
            resource.rsplit(":", 1)[1]
            for action, resource in _of_service(allowed, "sqs")
            if action == "sqs:SendMessage" and not resource.startswith("<")
        }
        assert sent == {names.queue(queue) for queue in row.queues}


def test_only_consumers_receive_and_only_stream_readers_read_streams(stage: Synthesised) -> None:
    roles = _roles(stage)
    for domain, row in _ROWS:
        actions = {
            action for action, _ in _allowed(stage, roles[stage.deployment.names.function(domain, row.name)])
        }
        assert ("sqs:ReceiveMessage" in actions) == isinstance(row, Worker | BucketTrigger)
        assert ("dynamodb:GetRecords" in actions) == isinstance(row, StreamTrigger)


def test_no_role_has_a_wildcard_but_where_there_is_no_name(stage: Synthesised) -> None:
    for name, role in _roles(stage).items():
        for action, resource in _allowed(stage, role):
            assert "*" not in action, name
            if resource == "*":
                assert action in _UNNAMED, (name, action)
            elif "*" in resource:
                assert resource.endswith((f"{name}:log-stream:*", "<AWS::AccountId>/*")), (name, resource)


def test_no_resource_is_open_to_everybody(prod: Synthesised) -> None:
    for kind in ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"):
        for policy in prod.of_type(kind):
            for statement in policy["PolicyDocument"]["Statement"]:
                everybody = statement["Principal"] in ("*", {"AWS": "*"})
                assert statement["Effect"] == "Deny" or not everybody, policy
