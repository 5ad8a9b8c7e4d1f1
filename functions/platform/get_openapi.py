"""GET /v1/openapi.json: the description of this API.

The document is the committed `docs/reference/openapi.json`, which the functions' asset carries beside this
module.
"""

from functools import cache
from pathlib import Path

from pydantic import JsonValue, RootModel

from callsheet.http.endpoint import endpoint


class OpenApiDocument(RootModel[dict[str, JsonValue]]):
    """An OpenAPI 3.1 document."""


@cache
def _document() -> OpenApiDocument:
    return OpenApiDocument.model_validate_json(Path(__file__).with_name("openapi.json").read_bytes())


@endpoint()
def handler() -> OpenApiDocument:
    return _document()
