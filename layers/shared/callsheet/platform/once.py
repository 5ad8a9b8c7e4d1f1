"""`Idempotency-Key`: the first answer again, never the work again.

The record is part of the transaction that does the work, so there is no moment in which one is done without the
other. Work that goes on outside (a payment) claims its key in its first transaction and answers in its last.
"""

from datetime import datetime

from pydantic import BaseModel

from callsheet.kernel.errors import IdempotencyInProgress, IdempotencyKeyReused
from callsheet.kernel.principal import RequestKey
from callsheet.platform.read import get_together
from callsheet.platform.records import RequestItem, StoredRequest, request_item
from callsheet.platform.transaction import Transaction

_RETRY_AFTER_SECONDS = 2


def earlier_answer[V: BaseModel](view: type[V], key: RequestKey | None, now: datetime) -> V | None:
    """What this key was answered before; None where it is new, without a read where there is no key.

    Raises IdempotencyKeyReused where it came with another body, IdempotencyInProgress while the first runs.
    """
    if key is None:
        return None
    (item,) = get_together([(RequestItem, f"REQUEST#{key.record_id}", "REQUEST")])
    if not isinstance(item, RequestItem) or _is_over(item, now):
        return None
    stored = item.document
    if stored.fingerprint != key.fingerprint:
        raise IdempotencyKeyReused
    if stored.answer is None:
        raise IdempotencyInProgress(retry_after_seconds=_RETRY_AFTER_SECONDS)
    return view.model_validate(stored.answer)


def claim(txn: Transaction, key: RequestKey | None, now: datetime) -> None:
    """Let this transaction happen once for the key; its answer comes with `answer` in a later transaction."""
    if key is not None:
        _create(txn, request_item(key.record_id, StoredRequest(fingerprint=key.fingerprint), now), now)


def claim_and_answer(txn: Transaction, key: RequestKey | None, view: BaseModel, now: datetime) -> None:
    """The whole work is in this transaction: keep its answer with it."""
    if key is not None:
        _create(txn, _answered(key, view, now), now)


def answer(txn: Transaction, key: RequestKey | None, view: BaseModel, now: datetime) -> None:
    """Keep the answer of work that an earlier transaction has claimed."""
    if key is not None:
        txn.put(_answered(key, view, now))


def _answered(key: RequestKey, view: BaseModel, now: datetime) -> RequestItem:
    stored = StoredRequest(fingerprint=key.fingerprint, answer=view.model_dump(mode="json"))
    return request_item(key.record_id, stored, now)


def _create(txn: Transaction, item: RequestItem, now: datetime) -> None:
    """DynamoDB deletes what has expired when it finds the time, up to days late: an expired record counts as none."""
    free = RequestItem.pk.does_not_exist() | (RequestItem.expires_at <= int(now.timestamp()))
    txn.put_if(item, free, IdempotencyInProgress(retry_after_seconds=_RETRY_AFTER_SECONDS))


def _is_over(item: RequestItem, now: datetime) -> bool:
    return item.expires_at is not None and item.expires_at <= int(now.timestamp())
