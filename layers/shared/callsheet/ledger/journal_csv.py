"""The journal as a spreadsheet reads it: a line a posting, and the sums of each currency at the end."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from callsheet.kernel.currencies import EXPONENTS
from callsheet.ledger.model import JournalEntry

HEADINGS = (
    "posted_at", "entry_id", "subject", "cause", "reference", "account", "currency", "debit", "credit", "amount_minor",
)  # fmt: skip
# OWASP, "CSV Injection": a cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(entries: Iterable[JournalEntry]) -> Iterator[bytes]:
    """Line by line, in UTF-8 with the mark by which spreadsheets know it; debits and credits are unsigned decimals."""
    debits: Counter[str] = Counter()
    credits_: Counter[str] = Counter()
    yield "\ufeff".encode() + _line(HEADINGS)
    for entry in entries:
        for posting in entry.postings:
            minor, currency = posting.amount.amount_minor, posting.amount.currency
            (debits if minor > 0 else credits_)[currency] += abs(minor)
            yield _line((
                entry.posted_at.isoformat(), entry.id, entry.subject, entry.cause, entry.reference or "",
                posting.account, currency, _side(minor, currency), _side(-minor, currency), str(minor),
            ))  # fmt: skip
    for currency in sorted(debits.keys() | credits_.keys()):
        yield _line((
            "TOTAL", "", "", "", "", "", currency,
            _decimal(debits[currency], currency), _decimal(credits_[currency], currency),
            str(debits[currency] - credits_[currency]),
        ))  # fmt: skip


def safe_cell(words: str) -> str:
    """Text that no spreadsheet computes: a number may be negative, anything else gets an apostrophe before it."""
    is_formula = words.startswith(_FORMULA) and not words.removeprefix("-").isdecimal()
    return f"'{words}" if is_formula else words


def _line(cells: Sequence[str]) -> bytes:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return written.getvalue().encode()


def _side(minor: int, currency: str) -> str:
    return _decimal(minor, currency) if minor > 0 else ""


def _decimal(minor: int, currency: str) -> str:
    """`1234.50`: without grouping, so that it is a number everywhere."""
    exponent = EXPONENTS[currency]
    digits = str(minor).rjust(exponent + 1, "0")
    return f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits
