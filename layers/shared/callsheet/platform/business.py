"""What the business counts, out of the domain events: a fact is counted where it reaches the bus, and nowhere else."""

from collections import Counter
from collections.abc import Iterable, Mapping

from callsheet.kernel.events import Envelope
from callsheet.platform.metrics import BusinessMetric, count

_FACTS: Mapping[str, BusinessMetric] = {
    "booking.requested": BusinessMetric.BOOKING_REQUESTED,
    "booking.accepted": BusinessMetric.BOOKING_ACCEPTED,
    "booking.cancelled": BusinessMetric.BOOKING_CANCELLED,
    "booking.completed": BusinessMetric.BOOKING_COMPLETED,
    "booking.problem_reported": BusinessMetric.PROBLEM_REPORTED,
    "payment.failed": BusinessMetric.PAYMENT_FAILED,
    "profile.published": BusinessMetric.PROFILE_PUBLISHED,
    "media.processed": BusinessMetric.MEDIA_READY,
    "media.rejected": BusinessMetric.MEDIA_REJECTED,
    "close.finished": BusinessMetric.CLOSE_FINISHED,
    "close.differed": BusinessMetric.CLOSE_DIFFERED,
}
# Of these the payload's `amount` is summed, by currency.
_SUMS: Mapping[str, BusinessMetric] = {
    "payment.authorized": BusinessMetric.PAYMENT_AUTHORIZED_MINOR,
    "payment.captured": BusinessMetric.PAYMENT_CAPTURED_MINOR,
    "payment.refunded": BusinessMetric.PAYMENT_REFUNDED_MINOR,
}


def count_facts(envelopes: Iterable[Envelope]) -> None:
    """One line a metric and currency, however many events. A batch that comes again counts again: alarms mind no such
    trifle, and the ledger is the truth about money.
    """
    facts: Counter[tuple[BusinessMetric, str | None]] = Counter()
    for envelope in envelopes:
        if fact := _FACTS.get(envelope.name):
            facts[fact, None] += 1
        amount = envelope.payload.get("amount")
        if (total := _SUMS.get(envelope.name)) and isinstance(amount, dict):
            facts[total, str(amount["currency"])] += int(amount["amount_minor"])
    for (metric, currency), value in facts.items():
        count(metric, value, currency)
