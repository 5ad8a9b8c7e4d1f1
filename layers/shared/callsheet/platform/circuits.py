"""Circuit breakers: who does not answer is left alone for a while, and then asked by one of us alone.

The states and their changes are Powertools' ("Circuit Breaker", Powertools for AWS Lambda); its own store in DynamoDB
would load boto3 for them (ADR 0190). One item a circuit in the table `platform` tells all environments of a function,
and of others. An environment reads it after it was left without an answer, and not before: while all is well a circuit
costs no call.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.circuit_breaker import (
    CircuitBreakerConfig,
    CircuitBreakerOpenError,
    CircuitInfo,
    CircuitState,
    CircuitTransition,
    circuit_breaker,
)
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError, PynamoDBException
from pynamodb.expressions.condition import Condition

from callsheet.platform.metrics import CircuitName, record_circuit_opened
from callsheet.platform.table import StrictInteger, Table

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.circuit_breaker.persistence import CircuitBreakerPersistenceLayer

_CIRCUIT = "CIRCUIT"
_KEPT = timedelta(
    hours=1
)  # longer than any circuit waits; one that nobody asks through any more goes by itself
_logger = Logger()


class CircuitOpen(Exception):
    """Nobody was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitRules:
    """So many failures in a row open a circuit; after `rest_seconds` one request is let through, and closes it.

    `seen_seconds` is how long an environment believes what it has read of a circuit in trouble.
    """

    failures: int = 3
    rest_seconds: int = 10
    seen_seconds: int = 2


class CircuitItem(Table):
    """How a circuit stands; seconds since 1970."""

    logical_name = "platform"
    state = UnicodeAttribute()
    failure_count = StrictInteger(default=0)
    opened_at = StrictInteger(null=True)
    owner = UnicodeAttribute(null=True)
    owned_until = StrictInteger(null=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """What Powertools reads of a circuit, under its names."""

    name: str
    state: CircuitState = CircuitState.CLOSED
    failure_count: int = 0
    opened_at: int | None = None
    half_open_owner: str | None = None
    probe_lease_expiry: int | None = None

    def to_circuit_info(self) -> CircuitInfo:
        return CircuitInfo(self.name, self.state, self.failure_count, self.opened_at)


class CircuitStore:
    """Powertools' persistence layer, method by method; what it writes is true here before it is written."""

    def __init__(self) -> None:
        self._rules: dict[str, CircuitBreakerConfig] = {}
        self._seen: dict[str, tuple[float, _Record]] = {}
        self._in_doubt: set[str] = set()

    def configure(self, config: CircuitBreakerConfig, circuit_name: str) -> None:
        self._rules[circuit_name] = config

    def get_state(self, name: str) -> _Record:
        """Closed where nothing speaks against it, and where the table does not answer."""
        if name not in self._in_doubt:
            return _Record(name=name)
        until, record = self._seen.get(name, (0.0, _Record(name=name)))
        if time.monotonic() < until:
            return record
        try:
            record = _read(name)
        except PynamoDBException:
            # A breaker must not be the outage that it is to prevent.
            _logger.warning("circuit not read", circuit=name, exc_info=True)
            return _Record(name=name)
        return self._see(record)

    def save_open(self, name: str, failure_count: int, opened_at: int) -> None:
        self._save(
            _Record(name=name, state=CircuitState.OPEN, failure_count=failure_count, opened_at=opened_at)
        )

    def save_reopen(self, name: str, opened_at: int) -> None:
        self._save(_Record(name=name, state=CircuitState.OPEN, opened_at=opened_at))

    def save_closed(self, name: str) -> None:
        self._save(_Record(name=name))

    def try_acquire_half_open(self, name: str, owner: str, opened_at: int) -> bool:
        """Whether it is this one who asks whether the other has returned."""
        now = int(time.time())
        leased = _Record(
            name=name,
            state=CircuitState.HALF_OPEN,
            opened_at=opened_at,
            half_open_owner=owner,
            probe_lease_expiry=now + self._rules[name].recovery_timeout,
        )
        is_open = (CircuitItem.state == CircuitState.OPEN.value) & (CircuitItem.opened_at == opened_at)
        is_left = (CircuitItem.state == CircuitState.HALF_OPEN.value) & (CircuitItem.owned_until <= now)
        try:
            _write(leased, is_open | is_left)
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                _logger.warning("circuit not written", circuit=name, exc_info=True)
            self._seen.pop(name, None)
            return False
        self._see(leased)
        return True

    def doubt(self, name: str) -> None:
        """There was no answer: what others know of the circuit is to be looked at."""
        self._in_doubt.add(name)

    def trust(self, name: str) -> None:
        """There was one."""
        self._in_doubt.discard(name)

    def forget(self) -> None:
        self._seen.clear()
        self._in_doubt.clear()

    def _save(self, record: _Record) -> None:
        self._see(record)
        _write(record)

    def _see(self, record: _Record) -> _Record:
        self._seen[record.name] = (time.monotonic() + self._rules[record.name].local_cache_max_age, record)
        return record


def _read(name: str) -> _Record:
    try:
        item = CircuitItem.get(f"{_CIRCUIT}#{name}", _CIRCUIT)
    except CircuitItem.DoesNotExist:
        return _Record(name=name)
    return _Record(
        name=name,
        state=CircuitState(item.state),
        failure_count=item.failure_count,
        opened_at=item.opened_at,
        half_open_owner=item.owner,
        probe_lease_expiry=item.owned_until,
    )


def _write(record: _Record, condition: Condition | None = None) -> None:
    CircuitItem(
        f"{_CIRCUIT}#{record.name}",
        _CIRCUIT,
        state=record.state.value,
        failure_count=record.failure_count,
        opened_at=record.opened_at,
        owner=record.half_open_owner,
        owned_until=record.probe_lease_expiry,
        expires_at=int(time.time() + _KEPT.total_seconds()),
    ).save(condition)


_store = CircuitStore()


def forget_circuits() -> None:
    """What this process knows of them; the next failure looks anew."""
    _store.forget()


class Circuit:
    """One dependency's; `failure` is the error that says it does not answer. Other errors are answers."""

    def __init__(
        self, name: CircuitName, failure: type[Exception], rules: CircuitRules | None = None
    ) -> None:
        self._name, self._failure = name, failure
        rules = rules or CircuitRules()
        self._through = circuit_breaker(
            name=name,
            # It has every method of that class and not its parent, whose module loads boto3.
            persistence_store=cast("CircuitBreakerPersistenceLayer", _store),
            on_transition=_tell,
            config=CircuitBreakerConfig(
                failure_threshold=rules.failures,
                recovery_timeout=rules.rest_seconds,
                success_threshold=1,
                handled_exceptions=failure,
                local_cache_max_age=rules.seen_seconds,
            ),
        )(self._ask)

    def call[T](self, ask: Callable[[], T]) -> T:
        """What `ask` answers or raises; CircuitOpen where it was not called."""
        try:
            return cast("T", self._through(ask))
        except CircuitBreakerOpenError as error:
            raise CircuitOpen(self._name) from error

    def _ask[T](self, ask: Callable[[], T]) -> T:
        try:
            answer = ask()
        except self._failure:
            _store.doubt(self._name)
            raise
        _store.trust(self._name)
        return answer


def _tell(change: CircuitTransition) -> None:
    if change.to_state is CircuitState.OPEN:
        record_circuit_opened(CircuitName(change.circuit_name))
    _logger.warning(
        "circuit changed",
        circuit=change.circuit_name,
        before=change.from_state.value,
        after=change.to_state.value,
    )
