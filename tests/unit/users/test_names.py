"""A name shows itself, and nothing but itself."""

import pytest
from pydantic import ValidationError

from callsheet.users.model import UpdateMe


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Pavel ", "Pavel"),
        ("Zoe\u0301", "Zoé"),
        ("王小明", "王小明"),
        ("👩\u200d🎨 Petra", "👩\u200d🎨 Petra"),
        ("O'Neill-Šťastný", "O'Neill-Šťastný"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_name_is_kept_as_it_was_meant(given: str, kept: str) -> None:
    assert UpdateMe(display_name=given).display_name == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "   ",
        "x" * 81,
        "two\nlines",
        "bell\u0007",
        "nul\u0000",
        "\u202eturned",
        "\u2067turned",
        "\u200b\u200b",
        "\u0301",
        "\ue000",
        "\u2028",
        "\u0958" * 80,  # one character, two in composed form
    ],
)
def test_what_is_no_name_is_refused(given: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        UpdateMe(display_name=given)
    assert refusal.value.errors()[0]["loc"] == ("display_name",)
