"""What is generated is committed, and says what the code says."""

from pathlib import Path

import pytest

from docs.build.everything import generated, outdated

_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", sorted(generated()))
def test_a_generated_file_is_what_the_code_says(path: str) -> None:
    assert (_ROOT / path).read_text() == generated()[path], "run: python -m docs.build"


def test_nothing_generated_is_left_over() -> None:
    assert outdated(_ROOT) == []


def test_the_function_that_serves_openapi_serves_the_committed_document() -> None:
    served = _ROOT / "functions/platform/openapi.json"
    assert served.is_symlink()
    assert served.resolve() == (_ROOT / "docs/reference/openapi.json").resolve()
