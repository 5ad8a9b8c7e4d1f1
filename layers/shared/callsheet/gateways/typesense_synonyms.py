"""Synonyms at Typesense: below the collection, for servers of before 30 have no synonym sets (ADR 0176)."""

from collections.abc import Mapping

from pydantic import BaseModel

from callsheet.gateways.typesense_client import engine, outcome
from callsheet.kernel.models import STORED

_SECRET = "typesense"


class _Group(BaseModel):
    model_config = STORED

    id: str
    synonyms: tuple[str, ...] = ()


class _Listed(BaseModel):
    model_config = STORED

    synonyms: tuple[_Group, ...] = ()


class TypesenseSynonyms:
    """A SynonymsEngine; the key of the secret `typesense` may write."""

    def put_synonyms(self, collection: str, groups: Mapping[str, tuple[str, ...]]) -> None:
        calls, path = engine(_SECRET).calls, f"/collections/{collection}/synonyms"
        with outcome():
            listed = _Listed.model_validate(calls.get(path, entity_type=dict, as_json=True)).synonyms
            known = {group.id: group.synonyms for group in listed}
            for name in known.keys() - groups.keys():
                calls.delete(f"{path}/{name}", entity_type=dict)
            for name, words in groups.items():
                if known.get(name) != words:
                    calls.put(f"{path}/{name}", body={"synonyms": list(words)}, entity_type=dict)
