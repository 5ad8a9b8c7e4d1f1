"""A receipt is issued when money moves, stays as it was issued, and is shown to whom it concerns."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from callsheet.documents.store import DocumentItem, latest_issued
from callsheet.platform.records import InboxItem
from functions.documents.issue_receipt import handler
from tests.functional.documents.issuing import Paid, fetched, files, name_them, words, write_receipts
from tests.support.calls import calls
from tests.support.gateway import Caller, Gateway

pytestmark = pytest.mark.usefixtures("tables")
_SAMPLE = Path(__file__).parents[3] / "events/samples/documents.issue_receipt.json"


def _versions(paid: Paid) -> list[int]:
    return [item.document.version for item in DocumentItem.query(f"rct_{paid.booking_id[4:]}")]


@pytest.mark.parametrize("side", ["carla", "pavel", "support", "finance", "admin"])
def test_both_parties_and_staff_get_the_receipt_of_a_paid_booking(side: str) -> None:
    paid = Paid().stored()
    assert write_receipts(paid.message()) == 0
    user = {"carla": paid.carla, "pavel": paid.pavel}.get(side, Caller(groups=(side,)))
    answer = paid.receipt(user)
    assert answer.status == 200, answer.body
    content = fetched(answer)
    assert answer.json()["sha256"] == sha256(content).hexdigest()
    assert answer.json()["size_bytes"] == len(content)
    assert all(told in words(content) for told in ("300.00", "15.00", "USD 315.00"))


def test_the_json_is_the_document_and_says_the_same() -> None:
    paid = Paid().stored()
    name_them(paid.carla, "Ελένη Παπαδοπούλου")
    write_receipts(paid.message())
    answer = paid.receipt(paid.carla, "?format=json")
    told = json.loads(fetched(answer))
    assert (told["subtotal"]["amount_minor"], told["client_fee"]["amount_minor"]) == (30000, 1500)
    assert told["total"] == told["paid"] == {"amount_minor": 31500, "currency": "USD"}
    assert told["client"] == {"role": "client", "id": paid.carla.user_id, "name": "Ελένη Παπαδοπούλου"}
    assert told["number"] == answer.json()["number"]
    assert "Ελένη Παπαδοπούλου" in words(fetched(paid.receipt(paid.carla)))


def test_somebody_elses_receipt_is_not_there_and_nothing_is_issued() -> None:
    paid = Paid().stored()
    stranger = Caller(groups=("client", "provider"))
    assert paid.receipt(stranger).status == 404
    assert files() == []
    write_receipts(paid.message())
    before = files()
    refused = paid.receipt(stranger)
    assert (refused.status, refused.json()["code"]) == (404, "not_found")
    assert "url" not in refused.json()
    assert files() == before


def test_before_anything_is_paid_there_is_no_receipt() -> None:
    paid = Paid().stored()
    answer = paid.receipt(paid.carla)
    assert (answer.status, answer.json()["code"]) == (404, "receipt_not_issued")


def test_an_event_that_comes_twice_issues_one_receipt() -> None:
    paid = Paid().stored()
    message = paid.message()
    assert write_receipts(message, message) == 0
    assert write_receipts(message) == 0
    assert _versions(paid) == [1]
    assert len(files()) == 2


def test_another_event_about_the_same_money_issues_no_other_version_even_after_a_rename() -> None:
    paid = Paid().stored()
    write_receipts(paid.message())
    name_them(paid.carla, "Carla")
    write_receipts(paid.message(days=3))
    assert _versions(paid) == [1]


def test_a_refund_issues_a_new_version_that_names_the_one_before_which_stays_as_it_was() -> None:
    paid = Paid().stored()
    write_receipts(paid.message())
    first = fetched(paid.receipt(paid.carla))
    kept = latest_issued(f"rct_{paid.booking_id[4:]}")
    paid.refund(50)
    write_receipts(paid.message("payment.refunded", days=1))
    answer = paid.receipt(paid.carla)
    assert (answer.json()["version"], answer.json()["replaces"]) == (2, f"R-{paid.booking_id[-10:]}-1")
    assert "Paid after refunds" in words(fetched(answer))
    stored = {
        item.document.version: item.document for item in DocumentItem.query(f"rct_{paid.booking_id[4:]}")
    }
    assert stored[1] == kept
    assert sha256(first).hexdigest() == stored[1].pdf.sha256
    assert stored[1].pdf.key in files()


def test_older_versions_can_be_read_and_others_are_not_there() -> None:
    paid = Paid().stored()
    write_receipts(paid.message())
    first = fetched(paid.receipt(paid.carla))
    paid.refund(50)
    write_receipts(paid.message("payment.refunded", days=1))
    older = paid.receipt(paid.carla, "?version=1")
    assert (older.json()["version"], older.json()["replaces"]) == (1, None)
    assert fetched(older) == first != fetched(paid.receipt(paid.carla, "?version=2"))
    missing = paid.receipt(paid.carla, "?version=3")
    assert (missing.status, missing.json()["code"]) == (404, "receipt_version_not_found")
    assert paid.receipt(paid.carla, "?version=0").status == 400
    assert paid.receipt(Caller(groups=("client",)), "?version=1").json()["code"] == "not_found"


def _by_graphql(paid: Paid, user: Caller, version: int | None = None) -> dict[str, object]:
    query = "query($id: ID!, $version: Int) { bookingReceipt(id: $id, version: $version) { number sha256 } }"
    variables = {"id": paid.booking_id, "version": version}
    return Gateway().call("POST", "/graphql", body={"query": query, "variables": variables}, user=user).json()


def test_graphql_finds_the_same_versions() -> None:
    paid = Paid().stored()
    assert _by_graphql(paid, paid.carla) == {"data": {"bookingReceipt": None}}
    write_receipts(paid.message())
    paid.refund(50)
    write_receipts(paid.message("payment.refunded", days=1))
    for version, last in ((None, 2), (1, 1)):
        rest = paid.receipt(paid.carla, f"?version={last}").json()
        told = {"number": rest["number"], "sha256": rest["sha256"]}
        assert _by_graphql(paid, paid.pavel, version) == {"data": {"bookingReceipt": told}}
    (refused,) = json.loads(json.dumps(_by_graphql(paid, Caller(groups=("client",)))))["errors"]
    assert refused["extensions"]["code"] == "not_found"


def test_events_that_come_in_the_wrong_order_tell_the_same() -> None:
    paid = Paid().stored()
    paid.refund(50)
    write_receipts(paid.message("payment.refunded", days=1))
    write_receipts(paid.message())
    assert _versions(paid) == [1]
    told = json.loads(fetched(paid.receipt(paid.carla, "?format=json")))
    assert [part["kind"] for part in told["moved"]] == ["payment", "refund"]
    assert told["issued_at"] == "2026-03-03T12:00:00Z"


def test_after_a_crash_between_bucket_and_table_the_same_files_are_made_known() -> None:
    paid = Paid().stored()
    message = paid.message()
    write_receipts(message)
    before = files()
    for item in DocumentItem.query(f"rct_{paid.booking_id[4:]}"):
        item.delete()
    for inbox in InboxItem.query("INBOX#documents.issue_receipt"):
        inbox.delete()
    assert write_receipts(message) == 0
    assert files() == before
    assert fetched(paid.receipt(paid.carla))


def test_what_is_no_event_of_a_booking_goes_to_the_dead_letters() -> None:
    paid = Paid()
    assert write_receipts(paid.message()) == 1  # there is no such booking
    assert files() == []


def test_a_format_that_there_is_not_is_refused() -> None:
    paid = Paid().stored()
    assert paid.receipt(paid.carla, "?format=docx").status == 400


def test_the_sample_event_is_one_the_consumer_takes() -> None:
    event = json.loads(_SAMPLE.read_text())
    assert len(handler(event, None)["batchItemFailures"]) == len(
        event["Records"]
    )  # of a booking that is not there


def test_a_receipt_costs_two_reads_of_the_tables() -> None:
    paid = Paid().stored()
    write_receipts(paid.message())
    with calls() as made:
        paid.receipt(paid.carla)
    assert made[-2:] == ["BatchGetItem", "Query"]  # before them the rate limit
