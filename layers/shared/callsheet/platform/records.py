"""What the machinery itself keeps: the outbox, deadlines, consumers' inboxes and idempotent answers."""

from datetime import datetime, timedelta
from zlib import crc32

from pydantic import AwareDatetime, BaseModel, JsonValue
from pynamodb.attributes import UnicodeAttribute

from callsheet.kernel.events import Envelope
from callsheet.kernel.models import FROZEN
from callsheet.platform.table import Document, Table, utc_key

DUE_SHARDS = 8
REQUEST_KEPT = timedelta(hours=24)
INBOX_KEPT = timedelta(days=30)


class EventItem(Table):
    """One domain event: pk the aggregate's id, sk the event's, so that a timeline is one query."""

    logical_name = "events"
    document = Document(Envelope)


class DueItem(Table):
    """One deadline, in one of eight shards, sorted by its moment."""

    logical_name = "platform"
    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    due_at = UnicodeAttribute()


class InboxItem(Table):
    """That a consumer has done its work for an event."""

    logical_name = "platform"


class StoredRefusal(BaseModel):
    """The refusal that a request was answered with, where it had an effect before (a card was asked)."""

    model_config = FROZEN

    code: str
    detail: str
    extra: dict[str, JsonValue] = {}


class StoredRequest(BaseModel):
    """What became of an Idempotency-Key: `answer` or `refusal` is there once the work is done.

    `subject` is what the work is about where it goes on outside of the claiming transaction: whoever comes with the
    key after a crash goes on with it.
    """

    model_config = FROZEN

    fingerprint: str
    claimed_at: AwareDatetime | None = None
    subject: str | None = None
    answer: dict[str, JsonValue] | None = None
    refusal: StoredRefusal | None = None


class RequestItem(Table):
    """The record of an Idempotency-Key of one caller."""

    logical_name = "platform"
    document = Document(StoredRequest)


def due_item(kind: str, subject: str, at: datetime) -> DueItem:
    """The deadline `kind` of `subject`, e.g. `due_item("booking.hold", "bkg_…", at)`."""
    moment = utc_key(at)
    shard = crc32(subject.encode()) % DUE_SHARDS
    return DueItem(f"DUE#{shard}", f"{moment}#{kind}#{subject}", kind=kind, subject=subject, due_at=moment)


def inbox_item(consumer: str, event_id: str, now: datetime) -> InboxItem:
    return InboxItem(f"INBOX#{consumer}", event_id, version=0, expires_at=int((now + INBOX_KEPT).timestamp()))


def request_item(record_id: str, stored: StoredRequest, now: datetime) -> RequestItem:
    expires_at = int((now + REQUEST_KEPT).timestamp())
    return RequestItem(f"REQUEST#{record_id}", "REQUEST", document=stored, expires_at=expires_at)
