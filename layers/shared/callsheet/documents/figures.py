"""Amounts and days as documents write them: the same for every reader, so that the same input is the same page."""

from datetime import date, datetime

from callsheet.kernel.currencies import EXPONENTS
from callsheet.kernel.money import Money

_MINUS = "\N{MINUS SIGN}"


def figure(amount_minor: int, currency: str) -> str:
    """`1,234.50` in USD, `1,235` in JPY, `1.500` in KWD; a true minus sign before what is negative."""
    exponent = EXPONENTS[currency]
    digits = str(abs(amount_minor)).rjust(exponent + 1, "0")
    whole, fraction = (digits[:-exponent], digits[-exponent:]) if exponent else (digits, "")
    sign = _MINUS if amount_minor < 0 else ""
    return f"{sign}{int(whole):,}" + (f".{fraction}" if fraction else "")


def amount(money: Money) -> str:
    """Without its currency, for a column that names it once."""
    return figure(money.amount_minor, money.currency)


def amount_with_currency(money: Money) -> str:
    """`USD 1,234.50`: the code, because `$` and `kr` are several currencies' signs."""
    return f"{money.currency} {amount(money)}"


def day(moment: date | datetime) -> str:
    """`2 March 2026`: no reader takes the month for the day. Moments are UTC's."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def short_day(moment: date | datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]} {moment.year}"


def span(starts_at: datetime, ends_at: datetime | None) -> str:
    """`5 March 2026, 12:00 to 14:00 UTC`."""
    begun = f"{day(starts_at)}, {starts_at:%H:%M}"
    if ends_at is None:
        return f"{begun} UTC"
    if ends_at.date() == starts_at.date():
        return f"{begun} to {ends_at:%H:%M} UTC"
    return f"{begun} to {day(ends_at)}, {ends_at:%H:%M} UTC"


def month_name(month: str) -> str:
    """`March 2026` for `2026-03`."""
    return f"{_MONTHS[int(month[5:7]) - 1]} {month[:4]}"


# Not `%B`, which follows the locale of the process.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
