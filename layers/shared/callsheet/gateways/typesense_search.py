"""What Typesense is asked. All of it goes in one call (`multi_search`)."""

from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import BaseModel, Field, JsonValue
from typesense.types.document import MultiSearchParameters

from callsheet.gateways.indexing import Value
from callsheet.gateways.search_errors import CollectionMissing, EngineRefused, SearchUnavailable
from callsheet.gateways.searching import (
    Ask,
    By,
    ByDistance,
    ByText,
    FacetCount,
    Found,
    Hit,
    Part,
    Sort,
)
from callsheet.gateways.typesense_client import SEARCHING_SECONDS, engine, outcome
from callsheet.gateways.typesense_filters import filter_by
from callsheet.kernel.models import STORED

_SECRET = "typesense_search"
# Of the private use area, which no text of ours may hold (`kernel/text.py`): no mark is ever taken for text.
_OPENS, _CLOSES = "\ue000", "\ue001"
_RETRY_AFTER_SECONDS = 2


class _Highlight(BaseModel):
    model_config = STORED

    field: str
    snippet: str = ""
    snippets: tuple[str, ...] = ()


class _Hit(BaseModel):
    model_config = STORED

    document: dict[str, Value]
    text_match: int = 0
    highlights: tuple[_Highlight, ...] = ()


class _Count(BaseModel):
    model_config = STORED

    value: str
    count: int


class _Facet(BaseModel):
    model_config = STORED

    counts: tuple[_Count, ...] = ()


class _Result(BaseModel):
    model_config = STORED

    code: int = 200
    error: str = ""
    found: int = 0
    hits: tuple[_Hit, ...] = ()
    facet_counts: tuple[_Facet, ...] = ()


class _Answer(BaseModel):
    model_config = STORED

    results: tuple[_Result, ...] = Field(default=())


class TypesenseSearch:
    """A SearchEngine; the key of the secret `typesense_search` may do nothing else."""

    def __init__(self, timeout_seconds: float = SEARCHING_SECONDS) -> None:
        self._timeout_seconds = timeout_seconds

    def search(self, asks: Sequence[Ask]) -> Sequence[Found]:
        searches = cast("list[MultiSearchParameters]", [_parameters(ask) for ask in asks])
        with outcome():
            answer = engine(_SECRET, self._timeout_seconds).searches.perform({"searches": searches}, {})
        return [_found(result) for result in _Answer.model_validate(answer).results]


def _found(result: _Result) -> Found:
    if result.code == 404 and "field" not in result.error:
        raise CollectionMissing(retry_after_seconds=_RETRY_AFTER_SECONDS)
    if result.code >= 500:
        raise SearchUnavailable(retry_after_seconds=_RETRY_AFTER_SECONDS)
    if result.code >= 400:
        raise EngineRefused(f"{result.code}: {result.error}")
    counts = (count for facet in result.facet_counts for count in facet.counts)
    return Found(
        result.found,
        tuple(Hit(hit.document, hit.text_match, _highlights(hit.highlights)) for hit in result.hits),
        tuple(FacetCount(count.value, count.count) for count in counts),
    )


def _highlights(found: Sequence[_Highlight]) -> Mapping[str, tuple[Part, ...]]:
    return {one.field: _parts(one.snippet or " … ".join(one.snippets)) for one in found}


def _parts(marked: str) -> tuple[Part, ...]:
    first, *opened = marked.split(_OPENS)
    parts = [Part(first, is_match=False)]
    for piece in opened:
        match, _, rest = piece.partition(_CLOSES)
        parts += [Part(match, is_match=True), Part(rest, is_match=False)]
    return tuple(part for part in parts if part.text)


def _parameters(ask: Ask) -> dict[str, JsonValue]:
    highlighted = [field.name for field in ask.text_fields if field.is_highlighted]
    asked: dict[str, JsonValue] = {
        "collection": ask.collection,
        "q": _words(ask.text or "") or "*",
        "query_by": ",".join(field.name for field in ask.text_fields),
        "query_by_weights": ",".join(str(field.weight) for field in ask.text_fields),
        "num_typos": ",".join(str(field.typos) for field in ask.text_fields),
        "filter_by": filter_by(ask.filters),
        "sort_by": ",".join(map(_sort, ask.sorts)),
        "page": ask.page,
        "per_page": ask.per_page,
        "include_fields": ",".join(ask.shown),
        "highlight_fields": ",".join(highlighted) if ask.text and highlighted else "none",
        "highlight_start_tag": _OPENS,
        "highlight_end_tag": _CLOSES,
    }
    if ask.needs_every_word:
        asked["drop_tokens_threshold"] = 0
    if ask.facet is not None:
        asked |= {"facet_by": ask.facet, "max_facet_values": ask.facet_values}
    if ask.facet is not None and ask.facet_prefix is not None:
        asked["facet_query"] = f"{ask.facet}:{ask.facet_prefix}"
    return {name: value for name, value in asked.items() if value != ""}


def _words(text: str) -> str:
    """A dash before a word, or quotation marks, would be orders to Typesense; here they are text."""
    words = (word.lstrip("-") for word in text.replace('"', " ").split())
    return " ".join(word for word in words if word)


def _sort(one: Sort) -> str:
    match one:
        case By(field, is_descending):
            return f"{field}:{'desc' if is_descending else 'asc'}"
        case ByText():
            return "_text_match:desc"
        case ByDistance(field, centre):
            return f"{field}({centre.latitude:.5f},{centre.longitude:.5f}):asc"
