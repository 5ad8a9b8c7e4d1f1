"""Calendars as their owners see them."""

from callsheet.calendar.model import RulesView
from callsheet.calendar.store import RulesItem


def view_of(item: RulesItem) -> RulesView:
    return RulesView(**item.document.model_dump(exclude={"resource_id"}), version=item.version)
