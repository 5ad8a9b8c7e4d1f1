"""Pages: a list's items and a cursor to the next ones, opaque, signed and bound to the query it came from."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping

from pydantic import BaseModel, Field

from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.models import COMMAND, FROZEN

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
_SIGNATURE_BYTES = 16

type Position = Mapping[str, str]


class Page[T](BaseModel):
    """`next_cursor` is None on the last page."""

    model_config = FROZEN

    items: tuple[T, ...]
    next_cursor: str | None = None


class PageQuery(BaseModel):
    """What every list takes."""

    model_config = COMMAND

    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(default=None, max_length=2048)


class Cursors:
    """Writes and reads cursors under one secret.

    A cursor holds where a query stopped. `query` names the list, its filters and its caller: a cursor of another
    query, or one that somebody has changed, is refused as InvalidCursor.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def write(self, query: str, position: Position | None) -> str | None:
        """The cursor of a position; None where the list has ended."""
        if position is None:
            return None
        body = json.dumps(dict(position), separators=(",", ":"), sort_keys=True).encode()
        return base64.urlsafe_b64encode(self._sign(query, body) + body).decode().rstrip("=")

    def read(self, query: str, cursor: str | None) -> dict[str, str] | None:
        """The position of a cursor; None where the list begins."""
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidCursor from error
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(query, body)):
            raise InvalidCursor
        position: dict[str, str] = json.loads(body)
        return position

    def _sign(self, query: str, body: bytes) -> bytes:
        message = len(query).to_bytes(4, "big") + query.encode() + body
        return hmac.new(self._secret, message, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
