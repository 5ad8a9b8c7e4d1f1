"""Several classes keep items in one table, and documents outlive the code that wrote them."""

from pydantic import BaseModel, ConfigDict
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.platform.table import Document, Table


class Plain(BaseModel):
    text: str = "plain"


class Richer(Plain):
    colour: str = "blue"


class Strict(Plain):
    model_config = ConfigDict(extra="forbid")


class ByClient(GlobalSecondaryIndex["IndexedItem"]):  # type: ignore[no-untyped-call]  # PynamoDB's own hook
    class Meta:
        index_name = "by_client"
        projection = AllProjection()

    client_key = UnicodeAttribute(hash_key=True)
    starts_key = UnicodeAttribute(range_key=True)


class PlainItem(Table):
    logical_name = "bookings"
    document = Document(Strict)


class RicherItem(Table):
    logical_name = "bookings"
    document = Document(Richer)


class IndexedItem(Table):
    logical_name = "bookings"
    client_key = UnicodeAttribute()
    starts_key = UnicodeAttribute()
    by_client = ByClient()


def test_a_class_that_came_second_to_its_table_still_knows_its_index(tables: None) -> None:
    PlainItem("p", "PLAIN", document=Strict()).save()
    IndexedItem("i", "INDEXED", client_key="c", starts_key="s").save()
    found = IndexedItem.by_client.query("c", IndexedItem.starts_key >= "a", limit=1)
    assert [item.pk for item in found] == ["i"]
    assert PlainItem.get("p", "PLAIN").document == Strict()


def test_a_field_that_newer_code_has_written_does_not_stop_older_code(tables: None) -> None:
    RicherItem("r", "RICHER", document=Richer()).save()
    assert PlainItem.get("r", "RICHER").document == Strict()
