"""The one scalar that is read and written in a way of its own: a moment in time. JSON passes as it is."""

from datetime import UTC, datetime

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema


def serialize_datetime(value: object) -> str:
    """RFC 3339 in UTC with a Z; a naive datetime is a bug of ours and refused."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError("DateTime wants an aware datetime")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_datetime(value: object) -> datetime:
    """RFC 3339 with an offset or Z; GraphQLError for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise GraphQLError("A DateTime is RFC 3339 text with an offset, such as 2026-05-01T10:00:00Z")
    return moment.astimezone(UTC)


def attach_scalars(schema: GraphQLSchema) -> None:
    """Give the schema's DateTime its two directions."""
    scalar = schema.type_map["DateTime"]
    if not isinstance(scalar, GraphQLScalarType):
        raise TypeError("DateTime must be a scalar")
    scalar.coerce_output_value = serialize_datetime
    scalar.coerce_input_value = parse_datetime
