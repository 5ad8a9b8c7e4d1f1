"""What the outbox and the deadlines hold reaches the bus: in order, again after a failure, never lost."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from callsheet.kernel.errors import Unavailable
from callsheet.kernel.events import EventPayload
from callsheet.platform import aws
from callsheet.platform.clock import clock
from callsheet.platform.records import DUE_SHARDS, DueItem, EventItem
from callsheet.platform.relay import MAX_ENTRIES, Message, publish, publish_all
from callsheet.platform.sweep import sweep_due
from functions.platform import relay_events
from functions.platform import sweep_due as sweep_function
from tests.functional.platform.test_transaction import NOW, NoteWritten, a_transaction
from tests.support.cloud import ENVIRONMENT, REGION
from tests.support.stage import Stage


@pytest.fixture
def received(tables: None) -> "Received":
    return Received()


class Received:
    """A queue behind a rule that lets everything of ours through."""

    def __init__(self) -> None:
        self._sqs = boto3.client("sqs", region_name=REGION)
        self._url = self._sqs.create_queue(QueueName="all")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        events = boto3.client("events", region_name=REGION)
        bus = ENVIRONMENT["EVENT_BUS"]
        pattern = json.dumps({"source": [{"prefix": "callsheet."}]})
        events.put_rule(Name="all", EventBusName=bus, EventPattern=pattern)
        arn = attributes["Attributes"]["QueueArn"]
        events.put_targets(Rule="all", EventBusName=bus, Targets=[{"Id": "all", "Arn": arn}])

    def names(self) -> list[str]:
        return [str(body["detail-type"]) for body in self.bodies()]

    def bodies(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        while batch := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(message["Body"]) for message in batch]
        return found


def stream_records(count: int) -> dict[str, list[dict[str, object]]]:
    """The stream as DynamoDB would show the outbox after `count` events."""
    for number in range(count):
        txn = a_transaction()
        txn.publish(NoteWritten(note_id=f"n{number:03}"))
        txn.commit()
    images = [item.serialize() for n in range(count) for item in EventItem.query(f"n{n:03}")]
    records: list[dict[str, object]] = [
        {"eventName": "INSERT", "dynamodb": {"NewImage": image, "SequenceNumber": str(number)}}
        for number, image in enumerate(images)
    ]
    return {"Records": records}


def test_every_new_event_reaches_the_bus_as_it_was_written(received: Received) -> None:
    event = stream_records(13)
    event["Records"].append({"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "99"}})

    assert relay_events.handler(event, None) == {"batchItemFailures": []}

    bodies = received.bodies()
    assert sorted(str(body["detail"]["payload"]["note_id"]) for body in bodies) == [  # type: ignore[index]  # JSON
        f"n{number:03}" for number in range(13)
    ]
    assert {body["source"] for body in bodies} == {"callsheet.note"}


def _refuse_after(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bus take `taken` entries and then refuse, as it does under throttling."""
    client = aws.client("events")
    call, seen = client.put_events, 0

    def put_events(**arguments: object) -> Mapping[str, object]:
        nonlocal seen
        answer = call(**arguments)  # type: ignore[arg-type]  # handed on as it came
        for entry in answer["Entries"]:
            seen += 1
            if seen > taken:
                entry.pop("EventId")
        return answer

    monkeypatch.setattr(client, "put_events", put_events)


def test_the_stream_comes_back_from_the_first_event_the_bus_refused(
    tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = stream_records(13)
    _refuse_after(MAX_ENTRIES + 1, monkeypatch)
    assert relay_events.handler(event, None) == {"batchItemFailures": [{"itemIdentifier": "11"}]}


def test_all_or_unavailable(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = [Message("callsheet.note", "note.written", "{}")] * 2
    publish_all(messages)
    _refuse_after(1, monkeypatch)
    assert publish(messages) == 1
    with pytest.raises(Unavailable):
        publish_all(messages)


def a_deadline(kind: str, subject: str, at: datetime) -> None:
    txn = a_transaction()
    txn.due(kind, subject, at)
    txn.commit()


def waiting() -> set[str]:
    return {item.subject for shard in range(DUE_SHARDS) for item in DueItem.query(f"DUE#{shard}")}


def test_what_is_due_is_sent_once_and_what_is_not_waits(received: Received) -> None:
    a_deadline("booking.hold", "bkg_past", NOW - timedelta(hours=5))
    a_deadline("booking.hold", "bkg_now", NOW)
    a_deadline("booking.hold", "bkg_later", NOW + timedelta(microseconds=1))

    assert sweep_due(NOW) == 2
    assert sweep_due(NOW) == 0

    assert received.names() == ["due.booking.hold"] * 2
    assert waiting() == {"bkg_later"}


def test_a_deadline_the_bus_refused_is_sent_by_the_next_sweep(
    received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_deadline("booking.hold", "bkg_1", NOW)
    with monkeypatch.context() as broken:
        _refuse_after(0, broken)
        assert sweep_due(NOW) == 0
    assert waiting() == {"bkg_1"}
    assert sweep_due(NOW) == 1


def test_the_scheduled_function_sweeps_by_the_clock_of_its_stage(received: Received) -> None:
    clock.cache_clear()
    a_deadline("booking.end", "bkg_1", datetime(2020, 1, 1, tzinfo=UTC))
    assert sweep_function.handler({}, None) == {"published": 1}
    assert received.names() == ["due.booking.end"]


def test_payloads_say_what_they_are_about() -> None:
    class Nameless(EventPayload):
        pass

    with pytest.raises(NotImplementedError):
        Nameless().aggregate_id()


def test_what_has_reached_the_bus_is_counted_and_money_summed_by_currency(
    received: Received, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage()
    stage.accepted()
    stage.book(in_hours=90)
    capsys.readouterr()
    images = [item.serialize() for item in EventItem.scan()]
    records = [
        {"eventName": "INSERT", "dynamodb": {"NewImage": image, "SequenceNumber": "1"}} for image in images
    ]
    relay_events.handler({"Records": records}, None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    counted = {
        name: line[name] for line in lines for name in line if name.startswith(("booking_", "payment_"))
    }
    assert counted["booking_requested"] == [2.0]
    assert counted["booking_accepted"] == [1.0]
    assert counted["payment_authorized_minor"] == [20_000.0]
    assert counted["payment_captured_minor"] == [10_000.0]
    assert {line["currency"] for line in lines if "payment_captured_minor" in line} == {"USD"}
