"""The gateway finds its API key in one stage for all of a module's tests; none of them changes it."""

from collections.abc import Iterator

import pytest

from tests.support.cloud import cloud
from tests.support.forget import forget


@pytest.fixture(autouse=True, scope="module")
def stage() -> Iterator[None]:
    with cloud():
        forget()
        yield
    forget()
