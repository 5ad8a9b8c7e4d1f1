"""A transaction is all or nothing, and its refusal is the error of the item that failed."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, cast

import pytest
from botocore.exceptions import ClientError
from pydantic import BaseModel
from pynamodb.attributes import NumberSetAttribute

from callsheet.kernel.errors import Conflict, NotFound, Unavailable
from callsheet.kernel.events import EventPayload
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.records import DueItem, EventItem, due_item
from callsheet.platform.table import Document, NaiveDatetime, Table, connection, utc_key
from callsheet.platform.transaction import AlreadyConsumed, Transaction

if TYPE_CHECKING:
    from botocore.exceptions import _ClientErrorResponseTypeDef

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALLER = Principal("usr_1", correlation_id="corr-1")


class Note(BaseModel):
    text: str
    amount_minor: int = 0


class NoteItem(Table):
    logical_name = "bookings"
    document = Document(Note)


class SlotsItem(Table):
    logical_name = "calendar"
    taken = NumberSetAttribute(null=True)


class NoteWritten(EventPayload):
    name: ClassVar[str] = "note.written"
    aggregate_type: ClassVar[str] = "note"

    note_id: str

    def aggregate_id(self) -> str:
        return self.note_id


class Taken(Conflict):
    code = "taken"


class Stale(Conflict):
    code = "stale"


def a_note(key: str = "n1", text: str = "hello") -> NoteItem:
    return NoteItem(key, "NOTE", document=Note(text=text))


def stored(key: str = "n1") -> NoteItem | None:
    (item,) = get_together([(NoteItem, key, "NOTE")])
    assert item is None or isinstance(item, NoteItem)
    return item


def a_transaction() -> Transaction:
    return Transaction(CALLER, NOW, sleep=lambda _seconds: None)


def test_writes_and_their_event_are_kept_together(tables: None) -> None:
    txn = a_transaction()
    txn.create(a_note(), Taken())
    txn.publish(NoteWritten(note_id="n1"), role="client")
    txn.commit()

    note = stored()
    assert note is not None
    assert note.document == Note(text="hello")
    (event,) = EventItem.query("n1")
    assert event.document.name == "note.written"
    assert event.document.actor.role == "client"
    assert event.document.correlation_id == "corr-1"
    assert event.document.payload == {"note_id": "n1"}


def test_a_refused_item_refuses_all_and_speaks_with_its_own_error(tables: None) -> None:
    first = a_transaction()
    first.create(a_note("n2"), Taken())
    first.commit()

    second = a_transaction()
    second.create(a_note("n1"), Stale())
    second.create(a_note("n2", "again"), Taken())
    second.publish(NoteWritten(note_id="n1"))
    with pytest.raises(Taken):
        second.commit()

    assert stored("n1") is None
    assert list(EventItem.query("n1")) == []


def test_of_two_writers_of_one_version_the_second_is_stale(tables: None) -> None:
    create = a_transaction()
    create.create(a_note(), Taken())
    create.commit()
    one, other = stored(), stored()
    assert one is not None
    assert other is not None

    first = a_transaction()
    first.replace(one, Stale())
    first.commit()
    second = a_transaction()
    second.replace(other, Stale())
    with pytest.raises(Stale):
        second.commit()

    after = stored()
    assert after is not None
    assert after.version == 1


def test_sets_grow_only_where_nothing_of_them_is_there(tables: None) -> None:
    def take(slots: set[int]) -> None:
        txn = a_transaction()
        condition = ~SlotsItem.taken.contains(min(slots))
        for slot in sorted(slots)[1:]:
            condition &= ~SlotsItem.taken.contains(slot)
        txn.update((SlotsItem, "r1", "DAY#1"), [SlotsItem.taken.add(slots)], condition, Taken())
        txn.commit()

    take({1, 2})
    take({3})
    with pytest.raises(Taken):
        take({2, 4})

    (day,) = get_together([(SlotsItem, "r1", "DAY#1")])
    assert isinstance(day, SlotsItem)
    assert day.taken == {1, 2, 3}


def test_checks_and_deletes_stand_under_their_conditions(tables: None) -> None:
    txn = a_transaction()
    txn.create(a_note(), Taken())
    txn.check((NoteItem, "n9", "NOTE"), NoteItem.pk.exists(), NotFound())
    with pytest.raises(NotFound):
        txn.commit()
    assert stored() is None

    create = a_transaction()
    create.create(a_note(), Taken())
    create.commit()
    delete = a_transaction()
    delete.delete((NoteItem, "n1", "NOTE"), NoteItem.pk.exists(), NotFound())
    delete.commit()
    assert stored() is None


def test_an_event_is_consumed_once_by_each_consumer(tables: None) -> None:
    def consume(consumer: str) -> None:
        txn = a_transaction()
        txn.consume("evt_1", consumer)
        txn.commit()

    consume("mailer")
    consume("indexer")
    with pytest.raises(AlreadyConsumed):
        consume("mailer")


def test_a_deadline_is_written_with_what_it_is_for(tables: None) -> None:
    txn = a_transaction()
    txn.due("booking.hold", "bkg_1", NOW)
    txn.commit()

    shard = due_item("booking.hold", "bkg_1", NOW).pk
    (due,) = DueItem.query(shard)
    assert (due.kind, due.subject, due.due_at) == ("booking.hold", "bkg_1", utc_key(NOW))


def test_an_empty_transaction_writes_nothing(tables: None) -> None:
    a_transaction().commit()


def test_more_than_a_hundred_items_are_refused_before_anything_is_sent(tables: None) -> None:
    txn = a_transaction()
    for number in range(101):
        txn.create(a_note(f"n{number}"), Taken())
    with pytest.raises(ValueError, match="101 items"):
        txn.commit()
    assert stored("n0") is None


def _conflicts(times: int, monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, object]]:
    """Let the first calls collide with another transaction, as DynamoDB says it."""
    sent: list[Mapping[str, object]] = []
    client = connection().client
    call = cast("Callable[[str, object], Mapping[str, object]]", client._make_api_call)

    def collide(operation: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        if operation == "TransactWriteItems":
            sent.append(dict(arguments))
            if len(sent) <= times:
                answer = {
                    "Error": {"Code": "TransactionCanceledException", "Message": "conflict"},
                    "CancellationReasons": [{"Code": "TransactionConflict"}],
                }
                raise ClientError(cast("_ClientErrorResponseTypeDef", answer), operation)
        return call(operation, arguments)

    monkeypatch.setattr(client, "_make_api_call", collide)
    return sent


def test_a_conflict_is_tried_again_under_the_same_token(
    tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _conflicts(2, monkeypatch)
    txn = a_transaction()
    txn.create(a_note(), Taken())
    txn.commit()

    assert stored() is not None
    assert len(sent) == 3
    assert len({str(call["ClientRequestToken"]) for call in sent}) == 1


def test_conflicts_without_end_are_unavailable_not_endless(
    tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _conflicts(1000, monkeypatch)
    txn = a_transaction()
    txn.create(a_note(), Taken())
    with pytest.raises(Unavailable):
        txn.commit()
    assert len(sent) == 6
    assert stored() is None


def test_reading_together_answers_in_order_and_none_for_what_is_not_there(tables: None) -> None:
    txn = a_transaction()
    txn.create(a_note("n1", "one"), Taken())
    txn.create(a_note("n3", "three"), Taken())
    txn.commit()

    found = get_together([(NoteItem, "n3", "NOTE"), (NoteItem, "n2", "NOTE"), (NoteItem, "n1", "NOTE")])

    assert [item.document.text if isinstance(item, NoteItem) else None for item in found] == [
        "three",
        None,
        "one",
    ]
    assert get_together([]) == []
    with pytest.raises(ValueError, match="none twice"):
        get_together([(NoteItem, "n1", "NOTE"), (NoteItem, "n1", "NOTE")])


def test_floats_and_naive_times_do_not_reach_a_table(tables: None) -> None:
    class Price(BaseModel):
        amount: float

    class PriceItem(Table):
        logical_name = "bookings"
        document = Document(Price)

    with pytest.raises(TypeError, match="float"):
        a_transaction().put(PriceItem("p", "P", document=Price(amount=19.99)))
    with pytest.raises(NaiveDatetime):
        utc_key(datetime(2026, 3, 1))  # noqa: DTZ001 - the very thing that is refused
