"""The cloud holds functions to their rows: what one is not granted, it cannot do."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from local.programs.ministack import CREDENTIALS
from tests.e2e.cloud import Cloud

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_FUNCTION = "callsheet-local-catalogue-get-profile"  # its row: read the catalogue
_KEY = {"pk": {"S": "prf_nobody"}, "sk": {"S": "PROFILE"}}


@pytest.fixture(scope="module")
def reader(cloud: Cloud) -> "Iterator[DynamoDBClient]":
    """DynamoDB as that function meets it: somebody with the policies of its role."""
    if not cloud.stack.enforces_iam:
        pytest.skip("AUTH=false: IAM is not enforced")
    root = boto3.Session(
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=cloud.stack.region,
    )
    iam = root.client("iam", endpoint_url=cloud.stack.aws_endpoint)
    functions = root.client("lambda", endpoint_url=cloud.stack.aws_endpoint)
    role = functions.get_function_configuration(FunctionName=_FUNCTION)["Role"].rpartition("/")[2]
    iam.create_user(UserName="reader")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        iam.put_user_policy(UserName="reader", PolicyName=name, PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    client = boto3.client(
        "dynamodb",
        endpoint_url=cloud.stack.aws_endpoint,
        region_name=cloud.stack.region,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    yield client
    for opened in (client, iam, functions):
        opened.close()


def test_what_the_row_grants_is_allowed(reader: "DynamoDBClient") -> None:
    assert "Item" not in reader.get_item(TableName="callsheet-local-catalogue", Key=_KEY)


def test_writing_needs_a_grant_to_write(reader: "DynamoDBClient") -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.put_item(TableName="callsheet-local-catalogue", Item=_KEY)


def test_nobody_scans(reader: "DynamoDBClient") -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.scan(TableName="callsheet-local-catalogue")


def test_another_table_is_closed_also_within_a_transaction(reader: "DynamoDBClient") -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_item(TableName="callsheet-local-ledger", Key=_KEY)
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.transact_write_items(
            TransactItems=[{"Put": {"TableName": "callsheet-local-ledger", "Item": _KEY}}]
        )
