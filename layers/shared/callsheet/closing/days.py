"""Days as callers write them."""

from datetime import date

from callsheet.closing.errors import CloseNotFound, CloseRunning
from callsheet.closing.model import CloseStatus
from callsheet.closing.store import CloseItem, stored_close
from callsheet.kernel.errors import InvalidRequest


def day_of(text: str) -> date:
    """InvalidRequest for what is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequest("A day is written as 2026-11-24") from error
    if day.isoformat() != text:
        raise InvalidRequest("A day is written as 2026-11-24")
    return day


def close_of(text: str) -> CloseItem:
    """Raises CloseNotFound for a day that was never closed."""
    stored = stored_close(day_of(text))
    if stored is None:
        raise CloseNotFound
    return stored


def ended_close_of(text: str) -> CloseItem:
    """Raises CloseNotFound, and CloseRunning while the day's close runs."""
    stored = close_of(text)
    if stored.document.status is CloseStatus.RUNNING:
        raise CloseRunning
    return stored
