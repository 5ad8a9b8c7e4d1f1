"""What a calendar tells the rest."""

from typing import Annotated

from pydantic import Field

from callsheet.kernel.events import EventPayload
from callsheet.kernel.ids import id_pattern


class CalendarRulesChanged(EventPayload):
    """Somebody works at other times than before."""

    name = "calendar.rules_changed"
    aggregate_type = "calendar"

    user_id: Annotated[str, Field(pattern=id_pattern("usr"))]

    def aggregate_id(self) -> str:
        return self.user_id
