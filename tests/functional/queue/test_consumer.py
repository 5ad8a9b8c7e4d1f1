"""A batch is answered message by message; what a failure means is a type."""

import json
import logging

import pytest
from botocore.exceptions import EndpointConnectionError

from callsheet.kernel.errors import Conflict, NotFound, Unavailable
from callsheet.kernel.principal import ActorType, Principal
from callsheet.platform.transaction import AlreadyConsumed
from callsheet.queue import consumer as consumers
from callsheet.queue.consumer import Done, Duplicate, Message, NotYet, Outcome, Permanent, consumer
from tests.functional.platform.test_transaction import a_transaction


def a_record(number: int, detail: dict[str, object] | None = None) -> dict[str, str]:
    body = {
        "id": f"bus-{number}",
        "detail-type": "note.written",
        "source": "callsheet.note",
        "detail": detail or {"event_id": f"evt_{number}", "correlation_id": "c-1", "payload": {"n": number}},
    }
    return {"messageId": f"m{number}", "body": json.dumps(body)}


def failed(outcomes: dict[int, Outcome | Exception]) -> list[str]:
    """Which messages go back to the queue when each ends as told."""

    def consume(message: Message, _caller: Principal) -> Outcome:
        outcome = outcomes[int(str(message.payload["n"]))]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    answer = consumer(consume)({"Records": [a_record(number) for number in outcomes]}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_only_what_is_not_done_goes_back() -> None:
    outcomes: dict[int, Outcome | Exception] = {
        1: Done(),
        2: NotYet("busy"),
        3: Duplicate(),
        4: Permanent("bad"),
    }
    assert failed(outcomes) == ["m2", "m4"]


@pytest.mark.parametrize(
    ("error", "goes_back"),
    [(AlreadyConsumed(), False), (Unavailable(), True), (Conflict(), True), (NotFound(), True)],
)
def test_a_typed_error_is_an_outcome(error: Exception, goes_back: bool) -> None:
    assert failed({1: error, 2: Done()}) == (["m1"] if goes_back else [])


def test_one_poisoned_message_among_ten_holds_up_none_of_the_nine(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes: dict[int, Outcome | Exception] = {number: Done() for number in range(10)}
    assert failed(outcomes | {4: ZeroDivisionError("poison")}) == ["m4"]
    (told,) = [record for record in caplog.records if record.message == "failed"]
    assert told.levelno == logging.ERROR
    assert told.exc_info is not None
    assert str(told.exc_info[1]) == "poison"
    measured = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert sum("consumed_done" in line for line in measured) == 9
    assert sum("consumed_not_yet" in line for line in measured) == 1


def test_an_outage_of_aws_is_unforeseen_by_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert failed({1: EndpointConnectionError(endpoint_url="https://dynamodb"), 2: Done()}) == ["m1"]
    reasons = [getattr(record, "reason", None) for record in caplog.records if record.message == "consumed"]
    assert reasons == ["unavailable", None]


def test_what_is_no_message_goes_to_the_dead_letters_and_holds_up_nobody() -> None:
    seen: list[str] = []

    def consume(message: Message, _caller: Principal) -> Outcome:
        seen.append(message.event_id)
        return Done()

    answer = consumer(consume)({"Records": [{"messageId": "m0", "body": "{"}, a_record(1)]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert seen == ["evt_1"]


def test_a_consumer_acts_as_itself_in_the_chain_of_its_cause() -> None:
    callers: list[Principal] = []

    def consume(_message: Message, caller: Principal) -> Outcome:
        callers.append(caller)
        return Done()

    consumer(consume)({"Records": [a_record(7)]}, None)
    (caller,) = callers
    assert (caller.type, caller.correlation_id, caller.causation_id) == (ActorType.SYSTEM, "c-1", "evt_7")


def test_a_deadline_is_its_own_payload() -> None:
    message = Message.model_validate_json(a_record(1, {"kind": "booking.hold", "subject": "bkg_1"})["body"])
    assert message.payload == {"kind": "booking.hold", "subject": "bkg_1"}
    assert message.event_id == "bus-1"


def test_a_message_delivered_twice_has_its_effect_once(tables: None) -> None:
    effects: list[str] = []

    def consume(message: Message, _caller: Principal) -> Outcome:
        txn = a_transaction()
        txn.consume(message.event_id, "counter")
        txn.commit()
        effects.append(message.event_id)
        return Done()

    handler = consumer(consume)
    records = {"Records": [a_record(1), a_record(2), a_record(1)]}
    assert handler(records, None) == {"batchItemFailures": []}
    assert effects == ["evt_1", "evt_2"]


def test_a_record_s_log_keys_end_with_it() -> None:
    keys: list[dict[str, object]] = []

    def consume(message: Message, _caller: Principal) -> Outcome:
        if message.event_id == "evt_1":
            consumers._logger.append_keys(booking_id="bkg_1")
        keys.append(dict(consumers._logger.get_current_keys()))
        return Done()

    consumer(consume)({"Records": [a_record(1), a_record(2)]}, None)
    first, second = keys
    assert (first["message_id"], first["event_id"], first["booking_id"]) == ("m1", "evt_1", "bkg_1")
    assert (second["message_id"], second["event_id"], second["correlation_id"]) == ("m2", "evt_2", "c-1")
    assert "booking_id" not in second


def test_each_record_is_one_log_line_and_one_measurement(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    failed({1: Done(), 2: Permanent("bad"), 3: NotYet("busy")})
    assert [record.message for record in caplog.records] == ["consumed"] * 3
    assert [record.levelno for record in caplog.records] == [logging.INFO, logging.ERROR, logging.INFO]
    measured = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    outcomes = ["consumed_done", "consumed_permanent", "consumed_not_yet"]
    assert [next(key for key in line if key.startswith("consumed_")) for line in measured] == outcomes
