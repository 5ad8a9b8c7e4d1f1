"""Keys with which a browser asks the search engine by itself, whichever engine it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from callsheet.gateways.searching import Filter, TextField


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a key is good for, until when, and nothing beyond: whoever holds it can narrow this and not widen it.

    `filters` are added to those of each search. Of what is found no more than `shown` comes back, less `hidden`; a list
    ends after `most_hits`. `text_fields` are what words are looked for in.
    """

    collection: str
    filters: tuple[Filter, ...]
    text_fields: tuple[TextField, ...]
    shown: tuple[str, ...]
    hidden: tuple[str, ...]
    most_hits: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """`url` is where the engine answers."""

    key: str
    url: str


class SearchKeys(Protocol):
    def issue(self, scope: Scope) -> IssuedKey:
        """Made here, without asking the engine. Raises SearchUnavailable where there is none."""


def highlighted(text_fields: Sequence[TextField]) -> tuple[str, ...]:
    return tuple(field.name for field in text_fields if field.is_highlighted)
