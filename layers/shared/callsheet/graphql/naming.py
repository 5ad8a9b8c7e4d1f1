"""camelCase at the door, snake_case inside; what is null is as good as absent."""

import re
from collections.abc import Mapping

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake_case(name: str) -> str:
    """`amountMinor` → `amount_minor`."""
    return _HUMP.sub("_", name).lower()


def given(arguments: Mapping[str, object]) -> dict[str, object]:
    """What the caller gave: null means the same as absent."""
    return {name: value for name, value in arguments.items() if value is not None}
