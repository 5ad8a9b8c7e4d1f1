"""Words that a person writes and others read: nothing in them hides, or turns what stands around it."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

MAX_LENGTH = 80
MAX_PROSE = 4_000
# Unicode Technical Report 36, "Bidirectional Text Spoofing": these turn the text that follows around.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROLS = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_SHOWN = frozenset("LNPS")


def _legible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    _legible_line(composed)
    if len(composed) > MAX_LENGTH:
        raise ValueError(f"must have at most {MAX_LENGTH} characters in composed form")
    return composed


def _legible_line(composed: str) -> None:
    kinds = [unicodedata.category(sign) for sign in composed]
    if not _CONTROLS.isdisjoint(kinds) or not _TURNS.isdisjoint(composed):
        raise ValueError("must be one line without control characters")
    if not any(kind[0] in _SHOWN for kind in kinds):
        raise ValueError("must show something")


# Stripped, in composed form (NFC), never empty.
type Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LENGTH),
    AfterValidator(_legible),
]


def _legible_lines(text: str) -> str:
    lines = [line.strip() for line in unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")]
    composed = "\n".join(lines).strip("\n")
    for line in filter(None, lines):
        _legible_line(line)
    if not composed:
        raise ValueError("must show something")
    if len(composed) > MAX_PROSE:
        raise ValueError(f"must have at most {MAX_PROSE} characters in composed form")
    return composed


# Several lines of the same kind.
type Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PROSE),
    AfterValidator(_legible_lines),
]

# A name that code acts on, in snake_case.
type Key = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,31}$")]
