"""`Idempotency-Key`: the first answer again, never the work again.

The record is part of the transaction that does the work, so there is no moment in which one is done without the
other. Work that goes on outside (a payment) claims its key in its first transaction and answers in its last; who comes
with the key of work that was cut off in between goes on with it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel

from callsheet.kernel.errors import (
    CallsheetError,
    IdempotencyInProgress,
    IdempotencyKeyReused,
    error_with,
)
from callsheet.kernel.principal import RequestKey
from callsheet.platform.read import Key, get_together
from callsheet.platform.records import RequestItem, StoredRefusal, StoredRequest, request_item
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction

_RETRY_AFTER_SECONDS = 2
# API Gateway gives a function 30 s: after that nobody works on the request any more.
_RESUMED_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Work under this key was cut off after its first transaction; `subject` is what to go on with."""

    subject: str


def record_keys(key: RequestKey | None) -> list[Key]:
    """The record's key, for a batch read with other items; none where the caller sent no key."""
    return [] if key is None else [(RequestItem, f"REQUEST#{key.record_id}", "REQUEST")]


def earlier[V: BaseModel](
    view: type[V], item: Table | None, key: RequestKey | None, now: datetime
) -> V | Unfinished | None:
    """What the record `item` says this key was answered before; None where it is new.

    Raises the refusal it was answered with, IdempotencyKeyReused where it came with another body, and
    IdempotencyInProgress while the first request runs.
    """
    if key is None or not isinstance(item, RequestItem) or _is_over(item, now):
        return None
    stored = item.document
    if stored.fingerprint != key.fingerprint:
        raise IdempotencyKeyReused
    if stored.refusal is not None:
        raise _refusal_of(stored.refusal)
    if stored.answer is not None:
        return view.model_validate(stored.answer)
    if stored.subject and stored.claimed_at and stored.claimed_at + _RESUMED_AFTER <= now:
        return Unfinished(stored.subject)
    raise IdempotencyInProgress(retry_after_seconds=_RETRY_AFTER_SECONDS)


def was_claimed(item: Table | None, key: RequestKey | None, now: datetime) -> bool:
    """True where the record `item` says that what this key asks for was decided before.

    For decisions: to finish what was decided and answer with the thing as it is now is the same as the first answer.
    Raises IdempotencyKeyReused where the key came with another request.
    """
    if key is None or not isinstance(item, RequestItem) or _is_over(item, now):
        return False
    if item.document.fingerprint != key.fingerprint:
        raise IdempotencyKeyReused
    return True


def claimed_subject(item: Table | None, key: RequestKey | None, now: datetime) -> str | None:
    """What the record `item` says this key has made before; None where it is new.

    As with `was_claimed`, to go on with it and answer with it as it is now is the same as the first answer.
    """
    if not was_claimed(item, key, now) or not isinstance(item, RequestItem):
        return None
    return item.document.subject


def earlier_answer[V: BaseModel](view: type[V], key: RequestKey | None, now: datetime) -> V | None:
    """The same for work that is one transaction, with a read of its own; no read where there is no key."""
    items = get_together(record_keys(key))
    found = earlier(view, items[0], key, now) if items else None
    if isinstance(found, Unfinished):
        raise IdempotencyInProgress(retry_after_seconds=_RETRY_AFTER_SECONDS)
    return found


def claim(txn: Transaction, key: RequestKey | None, now: datetime, subject: str | None = None) -> None:
    """Let this transaction happen once for the key; its answer comes with `answer` in a later transaction."""
    if key is not None:
        stored = StoredRequest(fingerprint=key.fingerprint, claimed_at=now, subject=subject)
        _create(txn, request_item(key.record_id, stored, now), now)


def claim_and_answer(txn: Transaction, key: RequestKey | None, view: BaseModel, now: datetime) -> None:
    """The whole work is in this transaction: keep its answer with it."""
    if key is not None:
        _create(txn, _answered(key, view, now), now)


def answer(txn: Transaction, key: RequestKey | None, view: BaseModel, now: datetime) -> None:
    """Keep the answer of work that an earlier transaction has claimed."""
    if key is not None:
        txn.put(_answered(key, view, now))


def refuse(txn: Transaction, key: RequestKey | None, error: CallsheetError, now: datetime) -> None:
    """Keep the refusal of work that an earlier transaction has claimed."""
    if key is not None:
        refusal = StoredRefusal(code=error.code, detail=error.detail, extra=dict(error.extra))
        stored = StoredRequest(fingerprint=key.fingerprint, refusal=refusal)
        txn.put(request_item(key.record_id, stored, now))


def _answered(key: RequestKey, view: BaseModel, now: datetime) -> RequestItem:
    stored = StoredRequest(fingerprint=key.fingerprint, answer=view.model_dump(mode="json"))
    return request_item(key.record_id, stored, now)


def _refusal_of(stored: StoredRefusal) -> CallsheetError:
    extra = {name: value for name, value in stored.extra.items() if isinstance(value, str | int | bool)}
    return error_with(stored.code)(stored.detail, extra=extra)


def _create(txn: Transaction, item: RequestItem, now: datetime) -> None:
    """DynamoDB deletes what has expired when it finds the time, up to days late: an expired record counts as none."""
    free = RequestItem.pk.does_not_exist() | (RequestItem.expires_at <= int(now.timestamp()))
    txn.put_if(item, free, IdempotencyInProgress(retry_after_seconds=_RETRY_AFTER_SECONDS))


def _is_over(item: RequestItem, now: datetime) -> bool:
    return item.expires_at is not None and item.expires_at <= int(now.timestamp())
