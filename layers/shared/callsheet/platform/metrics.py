"""Metrics as CloudWatch's Embedded Metric Format: one JSON line on standard output, no call to anybody.

Dimensions are of low cardinality: what belongs to one request stands in its log line, never in a dimension.
"""

from enum import StrEnum
from itertools import count as counter

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

NAMESPACE = "Callsheet"
_outcomes = counter()


class BusinessMetric(StrEnum):
    """What the business counts. Names that end in `_minor` are sums of money and need their currency."""

    BOOKING_REQUESTED = "booking_requested"
    BOOKING_ACCEPTED = "booking_accepted"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_COMPLETED = "booking_completed"
    PROBLEM_REPORTED = "problem_reported"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_AUTHORIZED_MINOR = "payment_authorized_minor"
    PAYMENT_CAPTURED_MINOR = "payment_captured_minor"
    PAYMENT_REFUNDED_MINOR = "payment_refunded_minor"
    PROFILE_PUBLISHED = "profile_published"
    MEDIA_READY = "media_ready"
    MEDIA_REJECTED = "media_rejected"
    CLOSE_FINISHED = "close_finished"
    CLOSE_DIFFERED = "close_differed"


class CircuitName(StrEnum):
    """Whom a circuit leaves alone while they do not answer."""

    SEARCH_ENGINE = "search_engine"


def count(metric: BusinessMetric, amount: int = 1, currency: str | None = None) -> None:
    """Add `amount` to a business metric; `platform/business.py` does, for facts that have reached the bus.

    Money of two currencies has no sum: `currency` (ISO 4217) is a dimension.
    """
    dimensions = {} if currency is None else {"currency": currency}
    _emit({metric: (MetricUnit.Count, amount)}, dimensions)


def record_outcome(function: str, outcome: str, milliseconds: float) -> None:
    """How an invocation of `function` (`bookings.create_booking`) ended, its latency, and whether it was the first.

    The outcome (`answered_4xx`, `consumed_done`) is a metric of its own rather than a dimension, so that latency is
    one series a function.
    """
    measured = {"latency_ms": (MetricUnit.Milliseconds, milliseconds), outcome: (MetricUnit.Count, 1)}
    if next(_outcomes) == 0:
        measured["cold_start"] = (MetricUnit.Count, 1)
    _emit(measured, {"function": function})


def record_lag(consumer: str, milliseconds: float) -> None:
    """How long after something happened `consumer` had made it seen elsewhere."""
    _emit({"lag_ms": (MetricUnit.Milliseconds, milliseconds)}, {"function": consumer})


def record_drift(job: str, found: int) -> None:
    """How many things `job` found to be others than they should be, before it mended them."""
    _emit({"drift": (MetricUnit.Count, found)}, {"function": job})


def record_circuit_opened(circuit: CircuitName) -> None:
    """A dependency is left alone because it does not answer; again each time it is asked in vain."""
    _emit({"circuit_opened": (MetricUnit.Count, 1)}, {"circuit": circuit})


def _emit(measured: dict[str, tuple[MetricUnit, float]], dimensions: dict[str, str]) -> None:
    # A fresh one each time: Powertools' own singleton would keep dimensions from one caller to the next.
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    for name, word in dimensions.items():
        metrics.add_dimension(name, word)
    for name, (unit, value) in measured.items():
        metrics.add_metric(name, unit, value)
    metrics.flush_metrics()
