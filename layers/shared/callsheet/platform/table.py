"""The one table base: PynamoDB's model with our keys, and attributes without PynamoDB's surprises."""

from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, cast

from pydantic import BaseModel
from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.constants import ATTR_DEFINITIONS, GLOBAL_SECONDARY_INDEXES, MAP, NUMBER
from pynamodb.exceptions import TableError
from pynamodb.models import Model

from callsheet.platform.settings import resource_name, settings

type AttributeValue = dict[str, Any]


class NaiveDatetime(ValueError):
    """A datetime without a zone: PynamoDB would take it for UTC in silence."""


def utc_key(moment: datetime) -> str:
    """A sortable key of a moment: `2026-11-24T15:00:00.000000Z`. Refuses naive datetimes."""
    if moment.tzinfo is None:
        raise NaiveDatetime(str(moment))
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class StrictInteger(Attribute[int]):
    """A whole number. PynamoDB's NumberAttribute reads 19.99 as a float; this one refuses fractions both ways."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        if type(value) is not int:
            raise TypeError(f"{value!r} is not a whole number")
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


def to_attribute(value: object) -> AttributeValue:
    """A JSON value as DynamoDB writes it. Floats are refused: money and counts are whole numbers."""
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case list() | tuple():
            return {"L": [to_attribute(part) for part in value]}
        case dict():
            return {"M": {str(key): to_attribute(part) for key, part in value.items()}}
        case None:
            return {"NULL": True}
        case _:
            raise TypeError(f"{type(value).__name__} does not belong into a table")


def from_attribute(attribute: AttributeValue) -> object:
    """The inverse of `to_attribute`, for the types it writes."""
    ((tag, value),) = attribute.items()
    match tag:
        case "M":
            return {key: from_attribute(part) for key, part in value.items()}
        case "L":
            return [from_attribute(part) for part in value]
        case "N":
            return int(value)
        case "NULL":
            return None
        case _:
            return value


class Document[M: BaseModel](Attribute[M]):
    """A pydantic model kept as a native map, so that the model is the item's only declaration."""

    attr_type = MAP

    def __init__(self, model: type[M]) -> None:
        super().__init__()
        self.model = model

    def serialize(self, value: M) -> AttributeValue:
        return cast("AttributeValue", to_attribute(value.model_dump(mode="json"))["M"])

    def deserialize(self, value: AttributeValue) -> M:
        # Newer code, running beside this, may have written fields that this one does not know yet.
        return self.model.model_validate(from_attribute({"M": value}), extra="ignore")


@cache
def connection() -> Connection:
    """The one connection all tables share. PynamoDB's own default waits 30 s for an answer; ours two."""
    return Connection(
        region=settings().region, connect_timeout_seconds=1, read_timeout_seconds=2, max_retry_attempts=2
    )


def _make_known(meta: MetaTable) -> None:
    """Tell the shared connection of a table: several classes may keep items in it, each knowing its own indexes."""
    try:
        known = connection().get_meta_table(meta.table_name)
    except TableError:
        connection().add_meta_table(meta)
        return
    for part in (ATTR_DEFINITIONS, GLOBAL_SECONDARY_INDEXES):
        known.data[part] = [
            *known.data[part],
            *(entry for entry in meta.data[part] if entry not in known.data[part]),
        ]


class Table(Model):
    """Every item of ours: `pk`, `sk`, a `version` that `Transaction.replace` raises, and a time to live.

    Subclasses declare `logical_name` (the table) and their attributes; the physical name comes from TABLE_<NAME>
    on first use.
    """

    class Meta:
        table_name = ""

    logical_name: ClassVar[str]

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = StrictInteger(default=0)
    expires_at = StrictInteger(null=True)

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        # A Meta of its own for each class: PynamoDB keeps the table's name there.
        cls.Meta = type("Meta", (Table.Meta,), {})  # type: ignore[assignment,misc]

    @classmethod
    def _get_connection(cls) -> TableConnection:
        cls.Meta.table_name = resource_name("TABLE", cls.logical_name)
        table = super()._get_connection()
        if table.connection is not connection():
            meta = table.get_meta_table()
            table.connection = connection()
            _make_known(meta)
        return table

    @classmethod
    def table_connection(cls) -> TableConnection:
        """PynamoDB's connection to this table, over the shared one."""
        return cls._get_connection()
