"""Secrets, from Secrets Manager, kept for five minutes so that a rotation is noticed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from callsheet.platform.aws import client
from callsheet.platform.cache import TtlCache
from callsheet.platform.settings import resource_name


def _fetch(logical_name: str) -> Mapping[str, str]:
    answer = client("secretsmanager").get_secret_value(SecretId=resource_name("SECRET", logical_name))
    value = json.loads(answer["SecretString"])
    return {str(key): str(part) for key, part in value.items()}


_kept = TtlCache(_fetch, timedelta(minutes=5), lambda: datetime.now(UTC))


def secret(logical_name: str) -> Mapping[str, str]:
    """The parts of a secret by name, e.g. `secret("stripe")["api_key"]`."""
    return _kept.get(logical_name)


def forget_secrets() -> None:
    """Drop what is kept, e.g. after a credential was refused."""
    _kept.forget()
