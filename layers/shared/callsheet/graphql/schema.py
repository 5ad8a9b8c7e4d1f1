"""The schema: SDL by domain, parsed once a process, with its resolvers attached."""

from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema

from callsheet.graphql.binding import bind
from callsheet.graphql.resolvers import amendments, bookings, calendar, documents, transfers, users, wallet
from callsheet.graphql.scalars import attach_scalars

_FOLDER = Path(__file__).parent / "schema"
_DOMAINS = ("common", "users", "bookings", "amendments", "transfers", "calendar", "wallet", "documents")
_RESOLVERS = (
    users.RESOLVERS,
    bookings.RESOLVERS,
    amendments.RESOLVERS,
    transfers.RESOLVERS,
    calendar.RESOLVERS,
    wallet.RESOLVERS,
    documents.RESOLVERS,
)


def sdl() -> str:
    """All files of the schema as one document."""
    return "\n".join((_FOLDER / f"{domain}.graphql").read_text() for domain in _DOMAINS)


@cache
def schema() -> GraphQLSchema:
    """The executable schema. The tests refuse SDL that is not valid, so it is not checked again here."""
    built = build_schema(sdl(), assume_valid=True, assume_valid_sdl=True)
    attach_scalars(built)
    bind(built, *_RESOLVERS)
    return built
