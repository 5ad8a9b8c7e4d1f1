"""Clients of the laptop cloud's AWS."""

from functools import cache
from typing import TYPE_CHECKING, Literal, overload

import boto3
from botocore.config import Config

from local.programs.ministack import CREDENTIALS, REGION

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(connect_timeout=3, read_timeout=90, retries={"total_max_attempts": 1}, proxies={})


@overload
def client(service: Literal["cloudformation"], endpoint: str) -> "CloudFormationClient": ...
@overload
def client(service: Literal["cognito-idp"], endpoint: str) -> "CognitoIdentityProviderClient": ...
@overload
def client(service: Literal["dynamodb"], endpoint: str) -> "DynamoDBClient": ...
@overload
def client(service: Literal["lambda"], endpoint: str) -> "LambdaClient": ...
@overload
def client(service: Literal["logs"], endpoint: str) -> "CloudWatchLogsClient": ...
@overload
def client(service: Literal["sqs"], endpoint: str) -> "SQSClient": ...
def client(service: str, endpoint: str) -> object:
    """The client of `service` at a MiniStack's endpoint, as the account's root: one a process."""
    return _client(service, endpoint)


@cache
def _client(service: str, endpoint: str) -> object:
    session = boto3.Session(
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )
    return session.client(service, endpoint_url=endpoint, config=_CONFIG)  # type: ignore[call-overload]  # by the overloads above
