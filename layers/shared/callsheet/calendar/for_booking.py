"""What a booking reads of a calendar, in its own batch read."""

from callsheet.calendar.model import CalendarRules
from callsheet.calendar.store import RulesItem, rules_key
from callsheet.platform.table import Table

__all__ = ["rules_from", "rules_key"]


def rules_from(item: Table | None) -> CalendarRules | None:
    """The rules among what was read; None for somebody without a calendar."""
    return item.document if isinstance(item, RulesItem) else None
