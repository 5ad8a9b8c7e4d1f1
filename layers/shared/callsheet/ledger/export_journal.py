"""The journal of a day or a month as a file for finance."""

from collections.abc import Iterator
from datetime import date, timedelta

from callsheet.kernel.clock import Clock
from callsheet.kernel.ids import new_id
from callsheet.ledger.exports import SHOWN_FOR, sign_export, write_export
from callsheet.ledger.journal_csv import csv_lines
from callsheet.ledger.model import JournalEntry
from callsheet.ledger.store import journal_of
from callsheet.ledger.views import ExportQuery, JournalExport


def export_journal(query: ExportQuery, clock: Clock) -> JournalExport:
    """Eight queries a day at least, and a file written while they are read.

    An index is read: what was posted within the last second may be missing from today's.
    """
    days = days_of(query)
    key = f"journal/{new_id('exp')}/journal-{query.day or query.month}.csv"
    written = write_export(key, csv_lines(_entries(days)))
    return JournalExport(
        first_day=days[0],
        last_day=days[-1],
        url=sign_export(key),
        expires_at=clock.now() + SHOWN_FOR,
        sha256=written.sha256,
        size_bytes=written.size_bytes,
    )


def days_of(query: ExportQuery) -> tuple[date, ...]:
    """The one day, or all of the month, in UTC."""
    if query.day is not None:
        return (query.day,)
    first = date.fromisoformat(f"{query.month}-01")
    month = (first + timedelta(days=number) for number in range(31))
    return tuple(day for day in month if day.month == first.month)


def _entries(days: tuple[date, ...]) -> Iterator[JournalEntry]:
    for day in days:
        yield from journal_of(day)
