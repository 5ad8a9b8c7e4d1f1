"""Reviews: what each side of a booking says of the other, sealed at first, then for everybody to read."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.bookings.rules import Party
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.page import Page
from callsheet.kernel.text import Prose

type Stars = Annotated[int, Field(strict=True, ge=1, le=5, description="5 is best")]
type Words = Annotated[Prose, Field(max_length=2_000)]


class ReportReason(StrEnum):
    """What somebody finds wrong with a review."""

    OFFENSIVE = "offensive"
    PERSONAL_DATA = "personal_data"
    NOT_ABOUT_THE_BOOKING = "not_about_the_booking"
    UNTRUE = "untrue"
    OTHER = "other"


class WriteReview(BaseModel):
    """What the caller says of the other side of a booking; it cannot be changed afterwards."""

    model_config = COMMAND

    stars: Stars
    words: Words | None = None


class ReportReview(BaseModel):
    """Support is asked to look at a review."""

    model_config = COMMAND

    reason: ReportReason


class HideReview(BaseModel):
    """Why nobody shall read it any more, for the record."""

    model_config = COMMAND

    reason: ReportReason
    note: Words | None = None


class Said(BaseModel):
    """One side's review as it lies with the booking's exchange."""

    model_config = FROZEN

    id: str
    stars: int
    words: str | None = None
    written_at: AwareDatetime
    is_hidden: bool = False


class Exchange(BaseModel):
    """The two reviews of one booking. Nobody but its author reads one before `revealed_at`."""

    model_config = FROZEN

    booking_id: str
    client_id: str
    provider_id: str
    profile_id: str
    by_client: Said | None = None
    by_provider: Said | None = None
    reveal_at: AwareDatetime
    revealed_at: AwareDatetime | None = None


class Report(BaseModel):
    """The first time somebody reported a review; `kept_at` is there once support has looked and found nothing wrong."""

    model_config = FROZEN

    reason: ReportReason
    reported_by: str
    reported_at: AwareDatetime
    kept_by: str | None = None
    kept_at: AwareDatetime | None = None


class Hiding(BaseModel):
    """That support hid a review."""

    model_config = FROZEN

    reason: ReportReason
    note: str | None = None
    hidden_by: str
    hidden_at: AwareDatetime


class Review(BaseModel):
    """A review that was revealed. `subject_id` is whom it is about: a profile, or the client."""

    model_config = FROZEN

    id: str
    booking_id: str
    by: Party
    author_id: str
    subject_id: str
    profile_id: str
    stars: int
    words: str | None = None
    written_at: AwareDatetime
    revealed_at: AwareDatetime
    report: Report | None = None
    hiding: Hiding | None = None


class ReviewView(BaseModel):
    """A review as everybody reads it; which booking it is about is its parties' to know."""

    model_config = FROZEN

    id: str
    by: Party
    author_id: str
    subject_id: str = Field(description="A profile, or the client")
    stars: int
    words: str | None
    written_at: AwareDatetime
    revealed_at: AwareDatetime


class ReviewPage(Page[ReviewView]):
    """Reviews, the newest first."""


class SaidView(BaseModel):
    """One side's review as a party to the booking reads it."""

    model_config = FROZEN

    id: str
    stars: int
    words: str | None
    written_at: AwareDatetime


class ExchangeView(BaseModel):
    """The reviews of one booking as one of its parties sees them."""

    model_config = FROZEN

    booking_id: str
    mine: SaidView | None
    theirs: SaidView | None = Field(description="Once revealed")
    can_review_until: AwareDatetime | None = Field(description="Null where the caller cannot, or has")
    reveal_at: AwareDatetime | None = Field(
        description="When what is there is revealed without the rest; null as long as neither has written"
    )
    revealed_at: AwareDatetime | None


class ModeratedView(ReviewView):
    """A review as support sees it."""

    booking_id: str
    report: Report | None
    hiding: Hiding | None


class ReportedPage(Page[ModeratedView]):
    """Reviews that wait for support, the longest first."""
