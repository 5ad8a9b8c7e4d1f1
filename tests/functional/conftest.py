"""An empty stage in process for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cloud import cloud
from tests.support.engine import emptied, pointed_at, running_engine
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


@pytest.fixture(scope="session")
def engine_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A search engine, the real one, for all tests of this process."""
    with running_engine(Path(tmp_path_factory.mktemp("typesense"))) as url:
        yield url


@pytest.fixture
def engine(tables: None, engine_url: str) -> Iterator[str]:
    """An empty stage whose search engine is empty too; its URL."""
    if not engine_url:
        pytest.skip("Typesense's binary is for x86-64 Linux; TYPESENSE_URL names another server")
    emptied(engine_url)
    with pointed_at(engine_url):
        yield engine_url
