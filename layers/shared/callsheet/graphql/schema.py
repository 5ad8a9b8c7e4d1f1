"""The schema: SDL by domain, parsed once a process, with its resolvers attached."""

from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema

from callsheet.graphql.binding import bind
from callsheet.graphql.resolvers import (
    amendments,
    bookings,
    calendar,
    catalogue,
    documents,
    reviews,
    search,
    transfers,
    users,
    wallet,
)
from callsheet.graphql.scalars import attach_scalars

_FOLDER = Path(__file__).parent / "schema"
_DOMAINS = (
    "common",
    "users",
    "bookings",
    "amendments",
    "transfers",
    "calendar",
    "wallet",
    "documents",
    "catalogue",
    "reviews",
    "search",
)
_RESOLVERS = (
    users.RESOLVERS,
    bookings.RESOLVERS,
    amendments.RESOLVERS,
    transfers.RESOLVERS,
    calendar.RESOLVERS,
    wallet.RESOLVERS,
    documents.RESOLVERS,
    catalogue.RESOLVERS,
    reviews.RESOLVERS,
    search.RESOLVERS,
)


def sdl(*, is_described: bool = True) -> str:
    """All files of the schema as one document. Descriptions, each on a line of its own, are a third of reading it."""
    text = "\n".join((_FOLDER / f"{domain}.graphql").read_text() for domain in _DOMAINS)
    if is_described:
        return text
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith('"'))


@cache
def schema(*, is_described: bool = True) -> GraphQLSchema:
    """The executable schema. The tests refuse SDL that is not valid, so it is not checked again here."""
    built = build_schema(sdl(is_described=is_described), assume_valid=True, assume_valid_sdl=True)
    attach_scalars(built)
    bind(built, *_RESOLVERS)
    return built
