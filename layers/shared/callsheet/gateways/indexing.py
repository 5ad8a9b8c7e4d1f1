"""What is written to a search engine, whichever it is: collections of documents behind an alias."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

type Value = str | int | float | bool | list[str] | list[int] | list[float]
# Flat, with an `id`; fields that the schema does not name are kept and found by nobody.
type Document = Mapping[str, Value]
type Kind = Literal["string", "string[]", "int32", "int32[]", "int64", "float", "bool", "geopoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`is_facet`: counted and filtered by whole values. `is_sorted`: strings alone need to be told."""

    name: str
    kind: Kind
    is_facet: bool = False
    is_optional: bool = False
    is_sorted: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields that are searched. `synonyms` are groups of words that mean the same, by a name for each group.

    `separators` part words besides blanks.
    """

    fields: tuple[Field, ...]
    synonyms: Mapping[str, tuple[str, ...]]
    separators: tuple[str, ...] = ("-", "_")


class IndexEngine(Protocol):
    """Every method raises SearchUnavailable where the engine does not answer; what was asked may have happened."""

    def create(self, collection: str, schema: Schema) -> None:
        """One that is there already stays as it is, but for its synonyms."""

    def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write whole documents, whatever stood below their ids. Raises CollectionMissing."""

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        """Ids that are not there are passed over. Raises CollectionMissing."""

    def export(self, collection: str, fields: Sequence[str]) -> Iterator[Document]:
        """Those fields of every document, in no order. Raises CollectionMissing."""

    def aliased(self, alias: str) -> str | None:
        """The collection behind the alias; None where there is none."""

    def point(self, alias: str, collection: str) -> None:
        """In one step, from one request to the next."""

    def drop(self, collection: str) -> None:
        """One that is gone is passed over."""
