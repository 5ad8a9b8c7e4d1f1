"""What outlives deployments is protected where the stage keeps its data."""

from callsheet.kernel.principal import Role
from callsheet.kernel.routing import UserPoolTrigger
from callsheet.platform.tables import TABLES
from docs.build.rows import rows
from tests.infra.templates import Properties, Synthesised


def _tables(stage: Synthesised) -> dict[str, Properties]:
    return {table["TableName"]: table for table in stage.of_type("AWS::DynamoDB::Table")}


def test_there_are_the_tables_that_the_code_speaks_of(stage: Synthesised) -> None:
    tables = _tables(stage)
    assert set(tables) == {stage.deployment.names.table(spec.name) for spec in TABLES}
    for spec in TABLES:
        table = tables[stage.deployment.names.table(spec.name)]
        indexes = [index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])]
        assert indexes == [index.name for index in spec.indexes]
        assert ("StreamSpecification" in table) == spec.stream
        assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
        assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_tables_of_prod_can_be_brought_back_and_not_be_deleted(prod: Synthesised) -> None:
    for table in prod.whole_of_type("AWS::DynamoDB::Table"):
        assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
        assert table["Properties"]["DeletionProtectionEnabled"] is True
        recovery = table["Properties"]["PointInTimeRecoverySpecification"]
        assert recovery["PointInTimeRecoveryEnabled"] is True
        assert table["Properties"]["SSESpecification"]["SSEEnabled"] is True


def test_tables_of_a_laptop_go_with_their_stack(local: Synthesised) -> None:
    for table in local.whole_of_type("AWS::DynamoDB::Table"):
        assert table["DeletionPolicy"] == "Delete"
        assert table["Properties"].get("DeletionProtectionEnabled") is not True


def test_buckets_are_private_and_encrypted(stage: Synthesised) -> None:
    for bucket in stage.of_type("AWS::S3::Bucket"):
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        assert bucket["BucketEncryption"]


def test_buckets_of_prod_refuse_plain_http(prod: Synthesised) -> None:
    policies = prod.of_type("AWS::S3::BucketPolicy")
    assert len(policies) == len(prod.of_type("AWS::S3::Bucket"))
    for policy in policies:
        assert any(
            statement["Effect"] == "Deny"
            and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in policy["PolicyDocument"]["Statement"]
        )


def test_uploads_may_be_posted_by_browsers_and_are_forgotten(stage: Synthesised) -> None:
    (uploads,) = [bucket for bucket in stage.of_type("AWS::S3::Bucket") if "CorsConfiguration" in bucket]
    (rule,) = uploads["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedMethods"] == ["POST"]
    assert uploads["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 7


def test_documents_in_prod_can_be_deleted_by_nobody_for_ten_years(
    prod: Synthesised, local: Synthesised
) -> None:
    (records,) = [bucket for bucket in prod.of_type("AWS::S3::Bucket") if bucket.get("ObjectLockEnabled")]
    assert "callsheet-prod-records-" in str(records["BucketName"])
    assert records["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {
        "Mode": "COMPLIANCE",
        "Days": 3653,
    }
    assert records["VersioningConfiguration"] == {"Status": "Enabled"}
    assert not [bucket for bucket in local.of_type("AWS::S3::Bucket") if bucket.get("ObjectLockEnabled")]


def test_exports_are_forgotten_after_a_week(stage: Synthesised) -> None:
    (exports,) = [
        bucket for bucket in stage.of_type("AWS::S3::Bucket") if "-exports-" in str(bucket.get("BucketName"))
    ]
    assert exports["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 7


def test_the_user_pool_has_a_group_for_each_role_and_calls_whom_the_rows_name(stage: Synthesised) -> None:
    groups = {group["GroupName"] for group in stage.of_type("AWS::Cognito::UserPoolGroup")}
    assert groups == set(Role)
    (pool,) = stage.of_type("AWS::Cognito::UserPool")
    triggers = [row for _, row in rows() if isinstance(row, UserPoolTrigger)]
    assert len(pool.get("LambdaConfig", {})) == len(triggers)


def test_passwords_are_sent_as_they_are_on_a_laptop_only(prod: Synthesised, local: Synthesised) -> None:
    def flows(stage: Synthesised) -> list[str]:
        (client,) = stage.of_type("AWS::Cognito::UserPoolClient")
        return list(client["ExplicitAuthFlows"])

    assert "ALLOW_USER_PASSWORD_AUTH" in flows(local)
    assert "ALLOW_USER_PASSWORD_AUTH" not in flows(prod)


def test_no_template_of_prod_holds_a_secret(prod: Synthesised) -> None:
    secrets = prod.of_type("AWS::SecretsManager::Secret")
    assert {secret["Name"] for secret in secrets} == {
        "callsheet/prod/cursor",
        "callsheet/prod/stripe",
        "callsheet/prod/stripe_webhook",
        "callsheet/prod/typesense",
        "callsheet/prod/typesense_search",
    }
    assert all("SecretString" not in secret for secret in secrets)


def test_prod_keeps_its_events_to_be_replayed(prod: Synthesised, local: Synthesised) -> None:
    assert len(prod.of_type("AWS::Events::Archive")) == 1
    assert not local.of_type("AWS::Events::Archive")
