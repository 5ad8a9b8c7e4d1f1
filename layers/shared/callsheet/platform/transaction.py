"""One change of state: writes, conditions and the events that tell of them, all in one TransactWriteItems."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError
from pynamodb.exceptions import VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from callsheet.kernel.errors import CallsheetError, Conflict, Unavailable
from callsheet.kernel.events import EventPayload, envelope_of
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.records import EventItem, due_item, inbox_item
from callsheet.platform.table import AttributeValue, Table, connection

MAX_ITEMS = 100
_ATTEMPTS = 6
_RETRIED_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_RETRIED_CODES = frozenset(
    {"TransactionInProgressException", "ThrottlingException", "ProvisionedThroughputExceededException"}
)


class AlreadyConsumed(Conflict):
    """The consumer has done its work for this event before; its work must not be done again."""

    code, title = "already_consumed", "This event was consumed before"


@dataclass(frozen=True, slots=True)
class _Write:
    verb: str
    arguments: AttributeValue
    error: CallsheetError


class Transaction:
    """Gathers writes; `commit` makes all of them happen, or none and raises the error of the first that could not.

    Of several failed conditions the one that was added first speaks. Throttles and conflicts with other
    transactions are retried with jitter, at most six times, under one client token, so that a repeated call
    whose first answer was lost does nothing twice.
    """

    def __init__(self, caller: Principal, now: datetime, sleep: Callable[[float], None] = time.sleep) -> None:
        self._caller = caller
        self._now = now
        self._sleep = sleep
        self._writes: list[_Write] = []
        self._token = new_id("txn")

    def create(self, item: Table, taken: CallsheetError) -> None:
        """Write a new item; `taken` where there is one with its key."""
        self._put(item, type(item).pk.does_not_exist(), taken)

    def replace(self, item: Table, stale: CallsheetError) -> None:
        """Write an item that was read before; `stale` where somebody has changed it since."""
        read_version = item.version
        item.version = read_version + 1
        self._put(item, type(item).version == read_version, stale)

    def put(self, item: Table) -> None:
        """Write an item whatever stands there."""
        self._put(item, None, Conflict())

    def put_if(self, item: Table, condition: Condition, error: CallsheetError) -> None:
        """Write an item where what stands there meets `condition`."""
        self._put(item, condition, error)

    def update(
        self,
        target: tuple[type[Table], str, str],
        actions: Sequence[Action],
        condition: Condition | None = None,
        error: CallsheetError | None = None,
    ) -> None:
        """Change single attributes of the item at `target` (class, pk, sk), which need not exist."""
        item_class, pk, sk = target
        arguments = item_class.table_connection().get_operation_kwargs(
            pk, range_key=sk, key="Key", actions=list(actions), condition=condition
        )
        self._add("Update", arguments, error)

    def check(
        self, target: tuple[type[Table], str, str], condition: Condition, error: CallsheetError
    ) -> None:
        """Hold the whole transaction to `condition` on an item it does not write."""
        item_class, pk, sk = target
        arguments = item_class.get_operation_kwargs_from_class(pk, range_key=sk, condition=condition)
        self._add("ConditionCheck", arguments, error)

    def delete(
        self,
        target: tuple[type[Table], str, str],
        condition: Condition | None = None,
        error: CallsheetError | None = None,
    ) -> None:
        item_class, pk, sk = target
        arguments = item_class.get_operation_kwargs_from_class(pk, range_key=sk, condition=condition)
        self._add("Delete", arguments, error)

    def publish(self, payload: EventPayload, role: str | None = None) -> None:
        """Put a domain event into the outbox."""
        event = envelope_of(payload, self._caller, new_id("evt"), self._now, role)
        item = EventItem(event.aggregate.id, event.event_id, document=event)
        self.create(item, Conflict())

    def due(self, kind: str, subject: str, at: datetime) -> None:
        """Have `kind` of `subject` called at `at`. Its handler looks at the state again, so it need not be undone."""
        self.put(due_item(kind, subject, at))

    def consume(self, event_id: str, consumer: str) -> None:
        """Note that `consumer` has done its work for the event; AlreadyConsumed the second time."""
        self.create(inbox_item(consumer, event_id, self._now), AlreadyConsumed())

    def commit(self) -> None:
        """Write everything. An empty transaction does nothing."""
        if not self._writes:
            return
        if len(self._writes) > MAX_ITEMS:
            raise ValueError(f"{len(self._writes)} items in one transaction; DynamoDB takes {MAX_ITEMS}")
        request = {
            "TransactItems": [{write.verb: write.arguments} for write in self._writes],
            "ClientRequestToken": self._token[4:],
        }
        for attempt in range(_ATTEMPTS):
            try:
                connection().dispatch("TransactWriteItems", request)
            except VerboseClientError as refusal:
                self._raise_unless_retried(refusal)
            else:
                return
            self._sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not cryptography
        raise Unavailable("Too many changes at once; try again", retry_after_seconds=1)

    def _put(self, item: Table, condition: Condition | None, error: CallsheetError) -> None:
        self._add("Put", item.get_save_kwargs_from_instance(condition=condition), error)

    def _add(self, verb: str, arguments: AttributeValue, error: CallsheetError | None) -> None:
        self._writes.append(_Write(verb, arguments, error or Conflict()))

    def _raise_unless_retried(self, refusal: VerboseClientError) -> None:
        reasons = [reason.code if reason else None for reason in refusal.cancellation_reasons]
        for write, code in zip(self._writes, reasons, strict=False):
            if code == "ConditionalCheckFailed":
                raise write.error from refusal
        if _RETRIED_REASONS.isdisjoint(filter(None, reasons)) and _code(refusal) not in _RETRIED_CODES:
            raise refusal


def _code(refusal: ClientError) -> str:
    return refusal.response["Error"]["Code"]
