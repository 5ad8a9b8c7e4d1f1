"""An empty stage in process for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.support.cloud import cloud
from tests.support.forget import forget


@pytest.fixture
def tables() -> Iterator[None]:
    """Tables, buckets, bus and secrets of an empty stage."""
    with cloud():
        forget()
        yield
    forget()
