"""The one way a document is written as bytes: the same document is the same bytes, everywhere and always."""

import hashlib
import json

from pydantic import BaseModel

from callsheet.documents.model import Heading

_OWN_HASH = "content_sha256"


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8 as it is; only of what JSON has, and no floats among it."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def content_hash(document: Heading) -> str:
    """What a document says apart from which it is and what its parties are called: the same has nothing to replace."""
    apart = {*Heading.model_fields, "client", "provider"}
    return sha256(canonical(document.model_dump(mode="json", exclude=apart)))


def document_hash(document: BaseModel) -> str:
    """Of the whole document; it stands in the JSON and at the foot of each page."""
    return sha256(canonical(document.model_dump(mode="json")))


def document_json(document: BaseModel) -> bytes:
    """The document with its hash in it. Without that member, written in the same way, it has this very hash."""
    return canonical({**document.model_dump(mode="json"), _OWN_HASH: document_hash(document)})
