"""A stage with somebody to book."""

import pytest

from tests.support.stage import Stage


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()
