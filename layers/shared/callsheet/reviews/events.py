"""What reviews tell the rest; words stay where they are kept."""

from typing import Annotated

from pydantic import Field

from callsheet.bookings.rules import Party
from callsheet.kernel.events import BookingRef, EventPayload, ProfileRef, UserRef
from callsheet.kernel.ids import id_pattern

_SINCE = "Absent in events of before 2026-12"

type ReviewRef = Annotated[str, Field(pattern=id_pattern("rev"))]


class ReviewEvent(EventPayload):
    """Which review, by which party to which booking, made with which profile; it is about the other party."""

    aggregate_type = "review"

    review_id: ReviewRef
    booking_id: BookingRef
    profile_id: ProfileRef
    by: Party

    def aggregate_id(self) -> str:
        return self.review_id


class SaidEvent(ReviewEvent):
    """Of what one side said to the other: the two are named, so that they can be told."""

    client_id: UserRef | None = Field(default=None, description=_SINCE)
    provider_id: UserRef | None = Field(default=None, description=_SINCE)
    is_answered: bool | None = Field(
        default=None, description=f"Whether the other side has written one too. {_SINCE}"
    )


class ReviewWritten(SaidEvent):
    """Sealed, unless the other side has written too: what it says is its author's alone to know."""

    name = "review.written"


class ReviewRevealed(SaidEvent):
    """Everybody reads it, and where it is the client's it counts in the profile's rating."""

    name = "review.revealed"

    stars: int = Field(ge=1, le=5)


class ReviewReported(ReviewEvent):
    """Support is asked to look at it."""

    name = "review.reported"


class ReviewHidden(ReviewEvent):
    """Nobody reads it any more, and it no longer counts."""

    name = "review.hidden"
