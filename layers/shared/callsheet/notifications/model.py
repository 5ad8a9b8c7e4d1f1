"""Notifications: what is read of an event, and what a person sees of it."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.kernel.events import Actor
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import FROZEN, STORED
from callsheet.kernel.page import Page

# Fields that others have added to an event meanwhile are none of ours.

type UserRef = Annotated[str, Field(pattern=id_pattern("usr"))]


class News(StrEnum):
    """The events that somebody is told of, by name."""

    BOOKING_REQUESTED = "booking.requested"
    BOOKING_ACCEPTED = "booking.accepted"
    BOOKING_CANCELLED = "booking.cancelled"
    BOOKING_ENDED = "booking.ended"
    BOOKING_COMPLETED = "booking.completed"
    BOOKING_PROBLEM_REPORTED = "booking.problem_reported"
    PAYMENT_FAILED = "payment.failed"
    PAYMENT_REFUNDED = "payment.refunded"


class Concerned(BaseModel):
    """What all payloads of these events share: whom it concerns, and which booking."""

    model_config = STORED

    booking_id: Annotated[str, Field(pattern=id_pattern("bkg"))]
    client_id: UserRef
    provider_id: UserRef


class Heard(BaseModel):
    """What is read of an event's envelope."""

    model_config = STORED

    event_id: Annotated[str, Field(pattern=id_pattern("evt"))]
    name: News
    occurred_at: AwareDatetime
    actor: Actor
    payload: Concerned


class NotificationView(BaseModel):
    """One thing that has happened to a booking of the caller's."""

    model_config = FROZEN

    id: str
    kind: str = Field(description="The event's name, e.g. `booking.accepted`; kinds are added over time")
    booking_id: str
    occurred_at: AwareDatetime
    is_read: bool


class NotificationPage(Page[NotificationView]):
    """Notifications of the caller, the newest first."""
