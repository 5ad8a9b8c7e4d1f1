"""Typesense's scoped keys: a search-only key and what it is narrowed to, under a signature that the engine checks.

The signature is computed here: the SDK would have to be loaded for these few lines. A test holds them to the SDK's.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from callsheet.gateways.search_errors import SearchUnavailable
from callsheet.gateways.search_keys import IssuedKey, Scope, highlighted
from callsheet.gateways.typesense_filters import filter_by
from callsheet.platform.secrets import secret
from callsheet.platform.settings import settings

_SECRET = "typesense_search"
_PREFIX = 4  # characters of the key that the engine knows it by

type Embedded = Mapping[str, str | int]


class TypesenseKeys:
    """SearchKeys below the key of the secret `typesense_search`; the engine takes no other for a parent."""

    def issue(self, scope: Scope) -> IssuedKey:
        url = settings().typesense_url
        if url is None:
            raise SearchUnavailable("This stage has no search engine")
        return IssuedKey(scoped_key(secret(_SECRET)["api_key"], embedded(scope)), url)


def embedded(scope: Scope) -> Embedded:
    """Parameters that stand in the key take the place of a caller's, but for the filter, which is added to theirs.

    Pins are refused by an empty list of them: they come back whatever the filter says (typesense#1416). Highlights are
    named because those of a hidden field would show it.
    """
    return {
        "collection": scope.collection,
        "filter_by": filter_by(scope.filters),
        "query_by": ",".join(field.name for field in scope.text_fields),
        "query_by_weights": ",".join(str(field.weight) for field in scope.text_fields),
        "num_typos": ",".join(str(field.typos) for field in scope.text_fields),
        "include_fields": ",".join(name for name in scope.shown if name not in scope.hidden),
        "exclude_fields": ",".join(scope.hidden),
        "highlight_fields": ",".join(highlighted(scope.text_fields)),
        "highlight_full_fields": "none",
        "pinned_hits": "",
        "limit_hits": scope.most_hits,
        "expires_at": int(scope.expires_at.timestamp()),
    }


def scoped_key(parent: str, parameters: Embedded) -> str:
    """As Typesense's API reference says under "Generate Scoped Search Key"."""
    told = json.dumps(parameters)
    digest = base64.b64encode(hmac.new(parent.encode(), told.encode(), hashlib.sha256).digest()).decode()
    return base64.b64encode(f"{digest}{parent[:_PREFIX]}{told}".encode()).decode()
