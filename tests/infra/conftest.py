"""The templates of each stage, synthesised once a session."""

import pytest

from tests.infra.templates import Synthesised, synthesise


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise("prod", tmp_path_factory.mktemp("prod"), nag=True)


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    context = {"clock_offset_file": "/somewhere/clock", "stripe_api_base": "http://127.0.0.1:1"}
    return synthesise("local", tmp_path_factory.mktemp("local"), context)


@pytest.fixture(scope="session", params=["prod", "local"])
def stage(request: pytest.FixtureRequest) -> Synthesised:
    """Each of the two stages that differ most."""
    found: Synthesised = request.getfixturevalue(request.param)
    return found
