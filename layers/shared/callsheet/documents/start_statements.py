"""A month has ended: whoever's money moved in it is written a statement, each by a message of its own.

The journal says who. A run takes some days of it at a time and notes how far it came, so that the next hour goes on.
The month is searched again on the two days after, in case an entry or a message was late: whose statement says it all
gets no other.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import batched

from pydantic import JsonValue

from callsheet.documents.deps import DocumentsDeps
from callsheet.documents.statements import month_before, span_of
from callsheet.documents.store import save_run, stored_run
from callsheet.kernel.principal import Principal
from callsheet.ledger.for_documents import journal_of, provider_of
from callsheet.platform.aws import client
from callsheet.platform.direct import direct_message
from callsheet.platform.settings import resource_name
from callsheet.platform.transaction import Transaction

QUEUE = "documents/issue_statement"
ROUNDS = 3
DAYS_A_RUN = 10
_AFTER_MIDNIGHT = timedelta(hours=6)
_SQS_BATCH = 10


def start_statements(caller: Principal, deps: DocumentsDeps) -> int:
    """How many providers were asked for. One day's journal is read and its messages are sent before it is noted."""
    now = deps.clock.now()
    month = month_before(now)
    round_number = _round(now - span_of(month).ends_at)
    if round_number is None:
        return 0
    run = stored_run(month, round_number)
    if run is not None and run.is_done:
        return 0
    asked: set[str] = set()
    for day in _days(month, None if run is None else date.fromisoformat(run.last_day))[:DAYS_A_RUN]:
        found = {provider for entry in journal_of(day) if (provider := provider_of(entry))} - asked
        _send(sorted(found), month, round_number, caller)
        asked |= found
        _note(month, round_number, day, caller, now)
    return len(asked)


def _round(past: timedelta) -> int | None:
    """The first a quarter of a day after the month's end, one more each day; None before the first, after the last."""
    number = (past - _AFTER_MIDNIGHT) // timedelta(days=1) + 1
    return number if 1 <= number <= ROUNDS else None


def _days(month: str, after: date | None) -> list[date]:
    span = span_of(month)
    count = (span.ends_at - span.begins_at).days
    days = (span.begins_at.date() + timedelta(days=number) for number in range(count))
    return [day for day in days if after is None or day > after]


def _note(month: str, round_number: int, day: date, caller: Principal, now: datetime) -> None:
    txn = Transaction(caller, now)
    is_done = day == _days(month, None)[-1]
    save_run(txn, month, round_number, last_day=day.isoformat(), is_done=is_done)
    txn.commit()


def _send(providers: Iterable[str], month: str, round_number: int, caller: Principal) -> None:
    """Ten at once. Sent twice does no harm."""
    for some in batched(providers, _SQS_BATCH, strict=False):
        answer = client("sqs").send_message_batch(
            QueueUrl=resource_name("QUEUE", QUEUE),
            Entries=[
                {"Id": str(place), "MessageBody": _message(provider, month, round_number, caller)}
                for place, provider in enumerate(some)
            ],
        )
        if refused := answer.get("Failed"):
            raise RuntimeError(f"{len(refused)} messages were refused: {refused[0].get('Code')}")


def _message(provider_id: str, month: str, round_number: int, caller: Principal) -> str:
    name = f"{month}/{round_number}/{provider_id}"
    payload: dict[str, JsonValue] = {"provider_id": provider_id, "month": month}
    return direct_message(name, "statement.due", payload, caller)
