"""AWS clients, made once a process on first use, with time-outs that leave a caller time to answer.

botocore alone, not boto3: a function pays for what it uses.
"""

from functools import cache
from typing import TYPE_CHECKING, Literal, overload

import botocore.session
from botocore.config import Config

from callsheet.platform.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(connect_timeout=1, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 3})


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def _client(service: str) -> object:
    config = _CONFIG
    if service == "s3":
        config = _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))
    return _session().create_client(service, region_name=settings().region, config=config)


@overload
def client(service: Literal["s3"]) -> "S3Client": ...
@overload
def client(service: Literal["sqs"]) -> "SQSClient": ...
@overload
def client(service: Literal["events"]) -> "EventBridgeClient": ...
@overload
def client(service: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
def client(service: str) -> object:
    """The client of `service`, shared by the whole process."""
    return _client(service)


def forget_clients() -> None:
    """Drop cached clients: tests that swap the cloud under a process call it."""
    _client.cache_clear()
    _session.cache_clear()
