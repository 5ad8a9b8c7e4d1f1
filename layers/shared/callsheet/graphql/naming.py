"""camelCase at the door, snake_case inside."""

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake_case(name: str) -> str:
    """`amountMinor` → `amount_minor`."""
    return _HUMP.sub("_", name).lower()
