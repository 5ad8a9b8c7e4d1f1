"""An empty stage in process for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.support.cloud import cloud
from tests.support.forget import forget
from tests.support.market import Market, open_market


@pytest.fixture
def tables() -> Iterator[None]:
    """Tables, buckets, bus and secrets of an empty stage."""
    with cloud():
        forget()
        yield
    forget()


@pytest.fixture
def market(tables: None) -> Iterator[Market]:
    """The API with somebody to book."""
    with open_market() as opened:
        yield opened
