"""An empty stage in process for each test that asks for one."""

from collections.abc import Iterator

import pytest

from callsheet.platform.aws import forget_clients
from callsheet.platform.secrets import forget_secrets
from callsheet.platform.settings import settings
from callsheet.platform.table import connection
from tests.support.cloud import cloud


@pytest.fixture
def tables() -> Iterator[None]:
    """Tables, buckets, bus and secrets of an empty stage."""
    with cloud():
        _forget()
        yield
    _forget()


def _forget() -> None:
    settings.cache_clear()
    connection.cache_clear()
    forget_clients()
    forget_secrets()
