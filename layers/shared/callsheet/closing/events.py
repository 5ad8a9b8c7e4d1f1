"""What a close tells the others: figures, and nobody's name."""

import datetime as dt

from pydantic import Field

from callsheet.closing.model import CloseStatus
from callsheet.kernel.events import EventPayload


class CloseEvent(EventPayload):
    aggregate_type = "close"

    day: dt.date
    attempt: int = Field(ge=1)

    def aggregate_id(self) -> str:
        return self.day.isoformat()


class CloseFinished(CloseEvent):
    """The day's books agree with Stripe's; `settled` differences were adjusted, or have come to agree."""

    name = "close.finished"

    status: CloseStatus
    transactions: int = Field(ge=0)
    entries: int = Field(ge=0)
    carried: int = Field(ge=0)
    settled: int = Field(ge=0)


class CloseDiffered(CloseEvent):
    """They do not: payouts wait until `open` is nothing."""

    name = "close.differed"

    transactions: int = Field(ge=0)
    entries: int = Field(ge=0)
    open: int = Field(ge=1)
