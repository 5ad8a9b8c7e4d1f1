"""Multipart bodies (RFC 7578), as the SDKs send files."""

import hashlib
import re
from collections.abc import Iterator

from local.stripe_sim.errors import invalid

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAME = re.compile(r'; name="([^"]*)"')
_FILE = re.compile(r'; filename="([^"]*)"')

type Fields = list[tuple[str, str]]


def is_upload(content_type: str) -> bool:
    return content_type.lower().startswith("multipart/form-data")


def decode(content_type: str, body: bytes) -> tuple[Fields, str, bytes]:
    """The plain fields, and the one file with its name. A file shows among the fields as its name and hash."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise invalid("Invalid request: the body has no boundary.")
    fields: Fields = []
    filename, content = "", b""
    for disposition, part in _parts(body, boundary[1].encode()):
        name, file = _NAME.search(disposition), _FILE.search(disposition)
        if name is None:
            raise invalid("Invalid request: a part of the body has no name.")
        if file is None:
            fields.append((name[1], part.decode(errors="replace")))
        else:
            filename, content = file[1], part
            fields.append((name[1], f"{file[1]} sha256:{hashlib.sha256(part).hexdigest()}"))
    return fields, filename, content


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """The Content-Disposition of each part, and what is in it."""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        if part.startswith(b"--"):
            return
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = head.decode(errors="replace").split("\r\n")
        yield next((line for line in lines if line.lower().startswith("content-disposition:")), ""), content
    raise invalid("Invalid request: the body has no end.")
