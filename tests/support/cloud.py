"""AWS in process: moto with the tables, buckets, bus and secrets of one stage."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import boto3
from botocore import session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from callsheet.platform.tables import TABLES, TableSpec
from local.programs.typesense import API_KEY, SEARCH_KEY
from tests.support.dynamodb import without_the_wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import CreateTableInputTypeDef, KeySchemaElementTypeDef
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

REGION: Final = "eu-central-1"
STAGE = "test"
ENVIRONMENT: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "STAGE": STAGE,
    "SERVICE_VERSION": "test",
    "POWERTOOLS_SERVICE_NAME": "test",
    "APP_ORIGINS": "https://app.callsheet.test",
    "EVENT_BUS": f"callsheet-{STAGE}",
    "BUCKET_UPLOADS": f"callsheet-{STAGE}-uploads",
    "BUCKET_MEDIA": f"callsheet-{STAGE}-media",
    "BUCKET_RECORDS": f"callsheet-{STAGE}-records",
    "BUCKET_EXPORTS": f"callsheet-{STAGE}-exports",
    "SECRET_STRIPE": f"callsheet-{STAGE}-stripe",
    "SECRET_STRIPE_WEBHOOK": f"callsheet-{STAGE}-stripe-webhook",
    "SECRET_CURSOR": f"callsheet-{STAGE}-cursor",
    "SECRET_TYPESENSE": f"callsheet-{STAGE}-typesense",
    "SECRET_TYPESENSE_SEARCH": f"callsheet-{STAGE}-typesense-search",
    **{f"TABLE_{table.name.upper()}": f"callsheet-{STAGE}-{table.name}" for table in TABLES},
}
_SECRETS = {
    "SECRET_STRIPE": {"api_key": "sk_test_callsheet"},
    "SECRET_STRIPE_WEBHOOK": {"webhook_secret": "whsec_test", "connect_webhook_secret": "whsec_connect"},
    "SECRET_CURSOR": {"key": "0" * 64},
    "SECRET_TYPESENSE": {"api_key": API_KEY},
    "SECRET_TYPESENSE_SEARCH": {"api_key": SEARCH_KEY},
}
_LOADER = cache(session.create_loader)


@dataclass(frozen=True, slots=True)
class _Builder:
    """Who sets a stage up; made once, because making clients takes longer than what they do."""

    dynamodb: "DynamoDBClient"
    s3: "S3Client"
    secrets: "SecretsManagerClient"
    events: "EventBridgeClient"


@cache
def _builder() -> _Builder:
    made = boto3.Session()
    return _Builder(
        dynamodb=made.client("dynamodb"),
        s3=made.client("s3"),
        secrets=made.client("secretsmanager"),
        events=made.client("events"),
    )


@contextmanager
def cloud() -> Iterator[None]:
    """An empty stage, and the environment its functions run in."""
    with mocked():
        builder = _builder()
        for table in TABLES:
            create_table(builder.dynamodb, table)
        for bucket in ("BUCKET_UPLOADS", "BUCKET_MEDIA", "BUCKET_RECORDS", "BUCKET_EXPORTS"):
            builder.s3.create_bucket(
                Bucket=ENVIRONMENT[bucket],
                CreateBucketConfiguration={"LocationConstraint": REGION},
                ObjectLockEnabledForBucket=bucket == "BUCKET_RECORDS",
            )
        builder.events.create_event_bus(Name=ENVIRONMENT["EVENT_BUS"])
        for variable, value in _SECRETS.items():
            builder.secrets.create_secret(Name=ENVIRONMENT[variable], SecretString=json.dumps(value))
        yield


@contextmanager
def mocked() -> Iterator[None]:
    """AWS with nothing in it, and the environment of a stage."""
    with patch.dict(os.environ, ENVIRONMENT), mock_aws(), one_call_at_a_time(), models_read_once():
        yield


@contextmanager
def one_call_at_a_time() -> Iterator[None]:
    """DynamoDB checks a condition and writes in one step; moto does so only while no other thread calls it.

    Most calls to DynamoDB take the short way (`tests/support/dynamodb.py`).
    """
    lock, answer = Lock(), BotocoreStubber.__call__

    def locked(
        self: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **more: object
    ) -> AWSResponse | None:
        with lock:
            return answer(self, event_name, request, **more)

    with patch.object(BotocoreStubber, "__call__", locked), without_the_wire(lock):
        yield


@contextmanager
def models_read_once() -> Iterator[None]:
    """Each stage has a session of botocore's own, and would read from disk again what AWS can be asked."""
    with patch.object(session, "create_loader", _LOADER):
        yield


def create_table(dynamodb: "DynamoDBClient", table: TableSpec) -> None:
    keys = {"pk", "sk"} | {key for index in table.indexes for key in (index.hash, index.range)}
    request: CreateTableInputTypeDef = {
        "TableName": f"callsheet-{STAGE}-{table.name}",
        "KeySchema": _keys("pk", "sk"),
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in sorted(keys)],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if table.indexes:
        request["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": _keys(index.hash, index.range),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in table.indexes
        ]
    dynamodb.create_table(**request)


def _keys(hash_key: str, range_key: str) -> "list[KeySchemaElementTypeDef]":
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]
