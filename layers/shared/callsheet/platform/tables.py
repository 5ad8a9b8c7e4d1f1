"""The tables there are, one a bounded context: what CDK creates and the tests create in process.

Standard library only: infrastructure reads it without the layer's packages.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """A global secondary index over two string attributes, projecting everything."""

    name: str
    hash: str
    range: str


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table keyed by `pk` and `sk`, its items expiring by `expires_at`; `stream` where changes are followed."""

    name: str
    indexes: tuple[IndexSpec, ...] = ()
    stream: bool = False


TABLES: tuple[TableSpec, ...] = (
    TableSpec("users"),
    TableSpec(
        "catalogue",
        (IndexSpec("gsi1", "gsi1pk", "gsi1sk"), IndexSpec("by_role", "role_key", "place_key")),
    ),
    TableSpec("calendar"),
    TableSpec(
        "bookings",
        (
            IndexSpec("by_client", "client_key", "starts_key"),
            IndexSpec("by_provider", "provider_key", "starts_key"),
            IndexSpec("by_client_status", "client_status_key", "starts_key"),
            IndexSpec("by_provider_status", "provider_status_key", "starts_key"),
        ),
    ),
    TableSpec("payments"),
    TableSpec("connect"),
    TableSpec("transfers", (IndexSpec("by_provider", "provider_key", "created_key"),)),
    TableSpec("wallet", (IndexSpec("by_owner", "owner_key", "moment_key"),)),
    TableSpec(
        "ledger",
        (
            IndexSpec("by_day", "day_key", "reference_key"),
            IndexSpec("by_reference", "cash_reference", "moment_key"),
            IndexSpec("journal", "journal_key", "moment_key"),
            IndexSpec("by_provider", "provider_key", "moment_key"),
        ),
    ),
    TableSpec("closing"),
    TableSpec("documents", (IndexSpec("by_owner", "owner_key", "listed_key"),)),
    TableSpec("reviews", (IndexSpec("by_subject", "subject_key", "revealed_key"),)),
    TableSpec("search"),
    TableSpec("media"),
    TableSpec("notifications"),
    TableSpec("events", stream=True),
    TableSpec("platform"),
)
