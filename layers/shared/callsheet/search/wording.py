"""Words that something can be found by."""

from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator

from callsheet.kernel.text import Line


def _findable(text: str) -> str:
    """Engines leave punctuation away: of that alone nothing is left, which would mean everything."""
    if not any(sign.isalnum() or category(sign) == "So" for sign in text):
        raise ValueError("must have a letter, a digit or a symbol")
    return text


type Findable = Annotated[Line, AfterValidator(_findable)]
