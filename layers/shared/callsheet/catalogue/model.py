"""Profiles and what they sell, as they are stored, asked for and shown."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from callsheet.calendar.zones import ZoneName
from callsheet.kernel.models import COMMAND, FROZEN, STORED
from callsheet.kernel.money import Money
from callsheet.kernel.text import Line

JURISDICTION = "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
# Stripe, "Currencies": a charge has at most eight digits.
MAX_PRICE_MINOR = 99_999_999
MAX_DURATION_MINUTES = 14 * 24 * 60

type Jurisdiction = Annotated[
    str, Field(pattern=JURISDICTION, examples=["US-OR"], description="ISO 3166-1, or -2 for a subdivision")
]
type Language = Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Z]{2})?$", examples=["en"])]
type BufferMinutes = Annotated[int, Field(strict=True, ge=0, le=240, multiple_of=15)]
type Key = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,31}$")]


class ProfileRole(StrEnum):
    """What somebody does; a profile has one."""

    MODEL = "model"
    PHOTOGRAPHER = "photographer"
    VIDEOGRAPHER = "videographer"
    STYLIST = "stylist"
    MAKEUP_ARTIST = "makeup_artist"
    EDITOR = "editor"
    CREATOR = "creator"


class PolicyKey(StrEnum):
    """Cancellation policies (numbers.md, "Refund bands"); their figures stand with the bookings."""

    DEFAULT = "default"
    FLEXIBLE = "flexible"
    FIRM = "firm"
    STUDIO = "studio"


class CreateProfile(BaseModel):
    """A new public page, a draft at first."""

    model_config = COMMAND

    role: ProfileRole
    title: Line
    jurisdiction: Jurisdiction
    zone: ZoneName
    languages: tuple[Language, ...] = Field(default=(), max_length=10)


class Profile(BaseModel):
    """A profile as it is stored. `is_default`: bookings that name the user alone are made with it."""

    model_config = FROZEN

    id: str
    user_id: str
    role: ProfileRole
    title: str
    jurisdiction: str
    zone: str
    languages: tuple[str, ...] = ()
    is_default: bool
    is_published: bool = False
    instant_booking: bool = False
    background_checked: bool = False
    service_ids: tuple[str, ...] = ()
    created_at: AwareDatetime


class Listing(BaseModel):
    """What a booking must know of a profile."""

    model_config = FROZEN

    user_id: str
    profile_id: str
    role: ProfileRole
    title: str
    jurisdiction: str
    is_published: bool = False
    instant_booking: bool = False
    background_checked: bool = False


class Portfolio(BaseModel):
    """Which profiles somebody has, oldest first; the first is the default."""

    model_config = FROZEN

    profile_ids: tuple[str, ...]


class Extra(BaseModel):
    """Something that can be had with a service."""

    model_config = COMMAND

    key: Key
    title: Line
    price: Money


class ServiceTerms(BaseModel):
    """The figures' defaults stand in numbers.md, "Booking" and "Money"."""

    model_config = COMMAND

    title: Line
    price: Money
    duration_minutes: int = Field(strict=True, ge=15, le=MAX_DURATION_MINUTES, multiple_of=15)
    policy_key: PolicyKey = PolicyKey.DEFAULT
    answer_hours: int = Field(default=24, strict=True, ge=12, le=48, description="To answer a request")
    acceptance_hours: Literal[48, 72, 168, 336] = Field(
        default=48,
        description="From the end of the session until silence accepts; more than 48 for deliverables",
    )
    buffer_before_minutes: BufferMinutes = 0
    buffer_after_minutes: BufferMinutes = 0
    extras: tuple[Extra, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _has_prices_that_can_be_paid(self) -> Self:
        prices = [self.price, *(extra.price for extra in self.extras)]
        if any(not 0 < price.amount_minor <= MAX_PRICE_MINOR for price in prices):
            raise ValueError(f"prices are more than zero and at most {MAX_PRICE_MINOR} minor units")
        if any(price.currency != self.price.currency for price in prices):
            raise ValueError("extras have the currency of the service")
        if len({extra.key for extra in self.extras}) != len(self.extras):
            raise ValueError("extras have keys of their own")
        return self


class CreateService(ServiceTerms):
    """Something new that a profile sells."""


class Service(ServiceTerms):
    """A service as it is stored, and as everybody sees it."""

    model_config = STORED

    id: str
    profile_id: str
    user_id: str
    is_active: bool = True


class ProfileView(BaseModel):
    """A profile and what it sells."""

    model_config = FROZEN

    id: str
    user_id: str
    role: ProfileRole
    title: str
    jurisdiction: str
    zone: str
    languages: tuple[str, ...]
    is_published: bool
    instant_booking: bool
    background_checked: bool
    services: tuple[Service, ...]
    created_at: AwareDatetime


class ProfileList(BaseModel):
    """One's own profiles, oldest first: never more than fit into one answer."""

    model_config = FROZEN

    items: tuple[ProfileView, ...]
    next_cursor: str | None = None
