"""A stage with somebody to give credit to."""

import pytest

from tests.support.stage import Stage


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()
