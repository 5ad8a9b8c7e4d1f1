"""What the search refuses."""

from typing import Self

from callsheet.kernel.errors import InvalidRequest


class InvalidFilter(InvalidRequest):
    """`field` names the parameter that is to be mended."""

    code, title = "invalid_filter", "These filters cannot be searched with"

    @classmethod
    def of(cls, field: str, words: str) -> Self:
        return cls(f"{field}: {words}", extra={"field": field})
