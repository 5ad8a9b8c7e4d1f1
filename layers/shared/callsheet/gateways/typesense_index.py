"""What is written to Typesense."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress

from typesense.exceptions import ObjectAlreadyExists, ObjectNotFound
from typesense.types.collection import RegularCollectionFieldSchema

from callsheet.gateways.indexing import Document, Field, Schema
from callsheet.gateways.search_errors import CollectionMissing, EngineRefused
from callsheet.gateways.typesense_client import Client, engine, outcome

_SECRET = "typesense"


class TypesenseIndex:
    """An IndexEngine; the key of the secret `typesense` may write."""

    def create(self, collection: str, schema: Schema) -> None:
        client = engine(_SECRET)
        with outcome():
            with suppress(ObjectAlreadyExists):
                client.collections.create(
                    {
                        "name": collection,
                        "fields": [_field(field) for field in schema.fields],
                        "token_separators": list(schema.separators),
                    }
                )
            _put_synonyms(client, collection, schema)

    def put(self, collection: str, documents: Sequence[Document]) -> None:
        if not documents:
            return
        with outcome():
            answers = (
                engine(_SECRET)
                .documents(collection)
                .import_([dict(document) for document in documents], {"action": "upsert"})
            )
        refused = [answer for answer in answers if not answer["success"]]
        if refused:
            raise EngineRefused(json.dumps(refused[0])[:500])

    def remove(self, collection: str, ids: Sequence[str]) -> None:
        if not ids:
            return
        with outcome():
            engine(_SECRET).documents(collection).delete({"filter_by": f"id:[{','.join(ids)}]"})

    def export(self, collection: str, fields: Sequence[str]) -> Iterator[Document]:
        with outcome():
            lines = engine(_SECRET).documents(collection).export({"include_fields": ",".join(fields)})
        yield from (json.loads(line) for line in lines.splitlines() if line)

    def aliased(self, alias: str) -> str | None:
        try:
            with outcome():
                return str(engine(_SECRET).aliases[alias].retrieve()["collection_name"])
        except CollectionMissing:
            return None

    def point(self, alias: str, collection: str) -> None:
        with outcome():
            engine(_SECRET).aliases.upsert(alias, {"collection_name": collection})

    def drop(self, collection: str) -> None:
        with outcome(), suppress(ObjectNotFound):
            engine(_SECRET).calls.delete(f"/collections/{collection}", entity_type=dict)


def _put_synonyms(client: Client, collection: str, schema: Schema) -> None:
    """Below the collection: servers of before 30 have no synonym sets ("Synonyms", Typesense's API reference)."""
    for name, words in schema.synonyms.items():
        client.calls.put(
            f"/collections/{collection}/synonyms/{name}", body={"synonyms": list(words)}, entity_type=dict
        )


def _field(field: Field) -> RegularCollectionFieldSchema:
    told: RegularCollectionFieldSchema = {
        "name": field.name,
        "type": field.kind,
        "facet": field.is_facet,
        "optional": field.is_optional,
    }
    if field.is_sorted:
        told["sort"] = True
    return told
