"""The same key and body: the same answer. Nothing is done twice, nothing is in doubt after a crash."""

from datetime import timedelta

import pytest
from pydantic import BaseModel

from callsheet.kernel.errors import IdempotencyInProgress, IdempotencyKeyReused
from callsheet.kernel.principal import RequestKey
from callsheet.platform.once import answer, claim, claim_and_answer, earlier_answer
from callsheet.platform.records import RequestItem
from tests.functional.platform.test_transaction import NOW, Taken, a_note, a_transaction, stored

KEY = RequestKey("key-1", "fingerprint")
OTHER_BODY = RequestKey("key-1", "other")


class View(BaseModel):
    text: str


def do_at_once(note: str = "n1", text: str = "first") -> None:
    txn = a_transaction()
    claim_and_answer(txn, KEY, View(text=text), NOW)
    txn.create(a_note(note), Taken())
    txn.commit()


def test_a_key_that_is_new_or_absent_has_no_answer(tables: None) -> None:
    assert earlier_answer(View, KEY, NOW) is None
    assert earlier_answer(View, None, NOW) is None


def test_the_answer_is_kept_with_the_work(tables: None) -> None:
    do_at_once()
    assert earlier_answer(View, KEY, NOW) == View(text="first")


def test_another_body_under_the_same_key_is_refused(tables: None) -> None:
    do_at_once()
    with pytest.raises(IdempotencyKeyReused):
        earlier_answer(View, OTHER_BODY, NOW)


def test_two_at_once_with_one_key_work_once(tables: None) -> None:
    do_at_once("n1")
    with pytest.raises(IdempotencyInProgress):
        do_at_once("n2", "second")
    assert stored("n2") is None
    assert earlier_answer(View, KEY, NOW) == View(text="first")


def test_work_that_fails_leaves_its_key_free(tables: None) -> None:
    blocker = a_transaction()
    blocker.create(a_note("n1"), Taken())
    blocker.commit()
    with pytest.raises(Taken):
        do_at_once("n1")
    assert earlier_answer(View, KEY, NOW) is None
    do_at_once("n2")


def test_a_claimed_key_is_in_progress_until_it_is_answered(tables: None) -> None:
    first = a_transaction()
    claim(first, KEY, NOW)
    first.create(a_note(), Taken())
    first.commit()
    with pytest.raises(IdempotencyInProgress) as refusal:
        earlier_answer(View, KEY, NOW)
    assert refusal.value.retry_after_seconds == 2

    last = a_transaction()
    answer(last, KEY, View(text="done"), NOW)
    last.commit()
    assert earlier_answer(View, KEY, NOW) == View(text="done")


def test_after_a_day_the_key_is_new_again_even_while_its_record_is_still_there(tables: None) -> None:
    do_at_once("n1", "first")
    tomorrow = NOW + timedelta(hours=24)
    assert earlier_answer(View, KEY, tomorrow) is None

    txn = a_transaction()
    claim_and_answer(txn, KEY, View(text="again"), tomorrow)
    txn.commit()
    assert earlier_answer(View, KEY, tomorrow) == View(text="again")


def test_without_a_key_nothing_is_recorded(tables: None) -> None:
    txn = a_transaction()
    claim(txn, None, NOW)
    claim_and_answer(txn, None, View(text="x"), NOW)
    answer(txn, None, View(text="x"), NOW)
    txn.create(a_note(), Taken())
    txn.commit()
    assert list(RequestItem.query("REQUEST#key-1")) == []
