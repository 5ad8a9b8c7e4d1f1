"""Words that a person writes and others read: one line, and nothing in it that hides or turns what stands around it."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

MAX_LENGTH = 80
# Unicode Technical Report 36, "Bidirectional Text Spoofing": these turn the text that follows around.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROLS = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_SHOWN = frozenset("LNPS")


def _legible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    kinds = [unicodedata.category(sign) for sign in composed]
    if not _CONTROLS.isdisjoint(kinds) or not _TURNS.isdisjoint(composed):
        raise ValueError("must be one line without control characters")
    if not any(kind[0] in _SHOWN for kind in kinds):
        raise ValueError("must show something")
    if len(composed) > MAX_LENGTH:
        raise ValueError(f"must have at most {MAX_LENGTH} characters in composed form")
    return composed


# Stripped, in composed form (NFC), never empty.
type Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LENGTH),
    AfterValidator(_legible),
]
