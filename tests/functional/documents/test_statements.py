"""A provider's month: asked for by the clock, written from the journal, listed and shown to them alone."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.start_statements import start_statements
from callsheet.kernel.money import Money
from callsheet.kernel.page import Cursors
from callsheet.kernel.principal import system
from callsheet.ledger.accounts import STRIPE_CASH, provider_payable
from callsheet.ledger.model import Entry, Posting
from functions.documents import issue_statement
from tests.functional.documents.issuing import NOON, Paid, fetched, files, words, write_statement
from tests.functional.graphql.test_like_rest import snake_keys
from tests.support.gateway import Answer, Caller, Gateway

pytestmark = pytest.mark.usefixtures("tables")


@dataclass(slots=True)
class MovedClock:
    at: datetime

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> str:
    url = boto3.client("sqs").create_queue(QueueName="statements")["QueueUrl"]
    monkeypatch.setenv("QUEUE_DOCUMENTS_ISSUE_STATEMENT", url)
    return url


def _start(at: datetime) -> int:
    deps = DocumentsDeps(clock=MovedClock(at), cursors=lambda: Cursors("secret"))
    return start_statements(system("documents.start_statements"), deps)


def _received(url: str) -> list[dict[str, str]]:
    sqs, found = boto3.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [{"messageId": str(each["MessageId"]), "body": str(each["Body"])} for each in messages]
    return found


def _listed(user: Caller, query: str = "") -> Answer:
    return Gateway().call("GET", f"/v1/statements{query}", user=user)


def _statement(user: Caller, statement_id: object, query: str = "") -> Answer:
    return Gateway().call("GET", f"/v1/statements/{statement_id}{query}", user=user)


def _only(user: Caller) -> dict[str, object]:
    (item,) = json.loads(_listed(user).body)["items"]
    return dict(item)


def _transfer(paid: Paid, minor: int, at: datetime) -> None:
    postings = (
        Posting(account=provider_payable(paid.pavel.user_id), amount=Money.of(minor, "USD")),
        Posting(account=STRIPE_CASH, amount=Money.of(-minor, "USD")),
    )
    paid.post(Entry(subject=paid.booking_id, cause="transfer:1", reference="tr_1", postings=postings), at)


def test_a_month_says_what_was_earned_refunded_and_transferred() -> None:
    paid = Paid(completed_at=NOON + timedelta(days=5)).stored()
    _transfer(paid, 26400, NOON + timedelta(days=6))
    assert write_statement(paid.pavel, "2026-03") == 0
    answer = _statement(paid.pavel, _only(paid.pavel)["id"], "?format=json")
    (part,) = json.loads(fetched(answer))["currencies"]
    assert (part["gross_minor"], part["provider_fee_minor"]) == (30000, 3600)
    assert part["sums"] == [
        {"amount_minor": 26400, "kind": "payment"},
        {"amount_minor": -26400, "kind": "transfer"},
    ]
    assert part["closing"] == {"payable_minor": 0, "reserve_minor": 0, "owed_minor": 0}
    assert [booking["net"]["amount_minor"] for booking in part["bookings"]] == [26400]
    told = words(fetched(_statement(paid.pavel, _only(paid.pavel)["id"])))
    assert "gross 300.00, fee −36.00" in told
    assert "264.00" in told


def test_a_month_opens_with_what_the_one_before_closed_with_even_where_months_lie_between() -> None:
    paid = Paid(completed_at=datetime(2026, 5, 3, tzinfo=UTC)).stored()
    write_statement(paid.pavel, "2026-03")
    write_statement(paid.pavel, "2026-04")
    _transfer(paid, 26400, datetime(2026, 5, 4, tzinfo=UTC))
    write_statement(paid.pavel, "2026-05")
    items = json.loads(_listed(paid.pavel).body)["items"]
    assert [item["month"] for item in items] == ["2026-05", "2026-03"]  # nothing moved in April
    (part,) = json.loads(fetched(_statement(paid.pavel, items[0]["id"], "?format=json")))["currencies"]
    assert part["opening"]["payable_minor"] == 26400
    assert part["closing"]["payable_minor"] == 0
    assert [booking["completed_on"] for booking in part["bookings"]] == ["2026-05-03"]


def test_the_same_month_asked_for_again_is_not_issued_again() -> None:
    paid = Paid().stored()
    write_statement(paid.pavel, "2026-03")
    before = files()
    assert write_statement(paid.pavel, "2026-03") == 0
    assert files() == before
    assert _only(paid.pavel)["version"] == 1


def test_an_entry_that_came_late_makes_a_version_that_names_the_one_before() -> None:
    paid = Paid().stored()
    write_statement(paid.pavel, "2026-03")
    paid.refund(50)
    write_statement(paid.pavel, "2026-03")
    newest, oldest = json.loads(_listed(paid.pavel).body)["items"]
    assert (newest["version"], newest["replaces"]) == (2, oldest["number"])
    assert newest["id"] == oldest["id"]


def test_another_providers_statement_is_not_there() -> None:
    paid = Paid().stored()
    write_statement(paid.pavel, "2026-03")
    statement_id, before = _only(paid.pavel)["id"], files()
    for stranger in (paid.carla, Caller(groups=("provider",))):
        refused = _statement(stranger, statement_id)
        assert (refused.status, refused.json()["code"]) == (404, "statement_not_found")
        assert json.loads(_listed(stranger).body)["items"] == []
    assert files() == before
    assert _statement(Caller(groups=("finance",)), statement_id).status == 200
    assert _statement(paid.pavel, f"rct_{paid.booking_id[4:]}").status == 404


def test_statements_come_page_by_page_and_cursors_are_bound_to_their_reader() -> None:
    paid = Paid().stored()
    write_statement(paid.pavel, "2026-03")
    paid.refund(50)
    write_statement(paid.pavel, "2026-03")
    page = json.loads(_listed(paid.pavel, "?limit=1").body)
    rest = json.loads(_listed(paid.pavel, f"?limit=1&cursor={page['next_cursor']}").body)
    assert [page["items"][0]["version"], rest["items"][0]["version"]] == [2, 1]
    assert _listed(paid.carla, f"?cursor={page['next_cursor']}").status == 400


def test_statements_say_the_same_over_graphql() -> None:
    paid = Paid().stored()
    write_statement(paid.pavel, "2026-03")
    page = _asked(paid.pavel, f"statements(limit: 5) {{ items {{ {_KEPT} month sha256 }} nextCursor }}")
    listed = json.loads(_listed(paid.pavel).body)
    assert snake_keys(page) == listed
    statement_id = listed["items"][0]["id"]
    one = f'statement(id: "{statement_id}", format: json) {{ {_KEPT} format sha256 sizeBytes }}'
    by_rest = _statement(paid.pavel, statement_id, "?format=json").json()
    assert snake_keys(_asked(paid.pavel, one)) == {
        name: value for name, value in by_rest.items() if name not in {"url", "expires_at"}
    }
    assert _asked(paid.carla, one) is None
    assert _asked(paid.carla, "statements { items { id } }") == {"items": []}


_KEPT = "id number version issuedAt replaces"


def _asked(user: Caller, field: str) -> object:
    answer = Gateway().call("POST", "/graphql", body={"query": f"{{ {field} }}"}, user=user)
    (value,) = json.loads(answer.body)["data"].values()
    return value


def test_each_provider_whose_money_moved_is_asked_for_once_and_no_day_is_left_out(queue: str) -> None:
    begun = datetime(2026, 3, 1, tzinfo=UTC)
    paid = [Paid(at=begun + timedelta(days=days, minutes=1)).stored() for days in (0, 9, 10, 19, 20, 30)]
    Paid(at=datetime(2026, 4, 1, tzinfo=UTC)).stored()
    first = datetime(2026, 4, 1, 6, tzinfo=UTC)
    runs = [_start(first + timedelta(hours=hours)) for hours in range(6)]
    assert sum(runs) == len(paid)
    assert runs[4:] == [0, 0]
    asked = [json.loads(message["body"])["detail"]["payload"] for message in _received(queue)]
    assert {each["provider_id"] for each in asked} == {each.pavel.user_id for each in paid}
    assert {each["month"] for each in asked} == {"2026-03"}


def test_a_run_that_broke_goes_on_where_it_was_and_the_messages_make_statements(queue: str) -> None:
    paid = Paid().stored()
    _start(datetime(2026, 4, 1, 6, tzinfo=UTC))
    assert issue_statement.handler({"Records": _received(queue)}, None) == {"batchItemFailures": []}
    assert _only(paid.pavel)["month"] == "2026-03"


@pytest.mark.parametrize("at", [datetime(2026, 4, 1, 5, 59, tzinfo=UTC), datetime(2026, 4, 4, 6, tzinfo=UTC)])
def test_before_six_and_after_the_third_day_nobody_is_asked_for(queue: str, at: datetime) -> None:
    Paid().stored()
    assert _start(at) == 0
    assert _received(queue) == []
