"""How far the index is behind what has happened."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from callsheet.platform.metrics import record_lag


def record_lags(consumer: str, occurred_at: Sequence[JsonValue], now: datetime) -> None:
    """One measurement an event; events that do not say when they happened have none."""
    for moment in occurred_at:
        if isinstance(moment, str):
            record_lag(consumer, (now - datetime.fromisoformat(moment)) / timedelta(milliseconds=1))
