"""What profiles sell: services, the packages they come in, and what can be had with them."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from callsheet.kernel.models import COMMAND, FROZEN, STORED
from callsheet.kernel.money import Money
from callsheet.kernel.text import Key, Line, Prose

# Stripe, "Currencies": a charge has at most eight digits.
MAX_PRICE_MINOR = 99_999_999
MAX_DURATION_MINUTES = 14 * 24 * 60
# Of a service with all its packages: fifty services must fit into one answer, and a batch of pages into memory.
MAX_DESCRIBED = 8_000
TOO_LONG = f"the descriptions of a service and its packages have at most {MAX_DESCRIBED} characters together"

type DurationMinutes = Annotated[int, Field(strict=True, ge=15, le=MAX_DURATION_MINUTES, multiple_of=15)]
type BufferMinutes = Annotated[int, Field(strict=True, ge=0, le=240, multiple_of=15)]
type AnswerHours = Annotated[int, Field(strict=True, ge=12, le=48, description="To answer a request")]
type AcceptanceHours = Annotated[
    Literal[48, 72, 168, 336],
    Field(description="From the end of the session until silence accepts; more than 48 for deliverables"),
]


class PolicyKey(StrEnum):
    """Cancellation policies (numbers.md, "Refund bands"); their figures stand with the bookings."""

    DEFAULT = "default"
    FLEXIBLE = "flexible"
    FIRM = "firm"
    STUDIO = "studio"


class ExtraUnit(StrEnum):
    """What an extra's price is for."""

    FLAT = "flat"
    PER_HOUR = "per_hour"
    PER_PERSON = "per_person"


class Extra(BaseModel):
    """What can be had with a service: for one price, for each hour of the session, or for each person."""

    model_config = COMMAND

    key: Key
    title: Line
    price: Money
    unit: ExtraUnit = ExtraUnit.FLAT


class Package(BaseModel):
    """One way to have a service: its own length at its own price, in place of the service's."""

    model_config = COMMAND

    key: Key
    title: Line
    price: Money
    duration_minutes: DurationMinutes
    description: Prose | None = None


class ServiceTerms(BaseModel):
    """The figures' defaults stand in numbers.md, "Booking" and "Money"."""

    model_config = COMMAND

    title: Line
    price: Money
    duration_minutes: DurationMinutes
    description: Prose | None = None
    policy_key: PolicyKey = PolicyKey.DEFAULT
    answer_hours: AnswerHours = 24
    acceptance_hours: AcceptanceHours = 48
    buffer_before_minutes: BufferMinutes = 0
    buffer_after_minutes: BufferMinutes = 0
    packages: tuple[Package, ...] = Field(default=(), max_length=10)
    extras: tuple[Extra, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _has_prices_that_can_be_paid(self) -> Self:
        parts: tuple[Package | Extra, ...] = (*self.packages, *self.extras)
        prices = [self.price, *(part.price for part in parts)]
        if any(not 0 < price.amount_minor <= MAX_PRICE_MINOR for price in prices):
            raise ValueError(f"prices are more than zero and at most {MAX_PRICE_MINOR} minor units")
        if any(price.currency != self.price.currency for price in prices):
            raise ValueError("packages and extras have the currency of the service")
        for name, some in (
            ("packages", [package.key for package in self.packages]),
            ("extras", [extra.key for extra in self.extras]),
        ):
            if len(set(some)) != len(some):
                raise ValueError(f"{name} have keys of their own")
        return self


class CreateService(ServiceTerms):
    """Something new that a profile sells."""

    @model_validator(mode="after")
    def _is_short_enough(self) -> Self:
        if described(self) > MAX_DESCRIBED:
            raise ValueError(TOO_LONG)
        return self


def described(terms: ServiceTerms) -> int:
    """How many characters all its descriptions have together."""
    words = (terms.description, *(package.description for package in terms.packages))
    return sum(len(some) for some in words if some is not None)


class UpdateService(BaseModel):
    """What changes: a field that is absent stays. What is no longer sold stays with what was booked.

    `version`, where given, is the profile's that the caller has read: the change is refused where it is no longer that.
    """

    model_config = COMMAND

    version: int | None = Field(default=None, strict=True, ge=0)
    is_active: bool | None = Field(
        default=None, strict=True, description="False: nobody can book it from now on"
    )
    title: Line | None = None
    price: Money | None = None
    duration_minutes: DurationMinutes | None = None
    description: Prose | None = Field(
        default=None, description="Null takes it away; no other field can be null"
    )
    policy_key: PolicyKey | None = None
    answer_hours: AnswerHours | None = None
    acceptance_hours: AcceptanceHours | None = None
    buffer_before_minutes: BufferMinutes | None = None
    buffer_after_minutes: BufferMinutes | None = None
    packages: tuple[Package, ...] | None = Field(default=None, max_length=10)
    extras: tuple[Extra, ...] | None = Field(default=None, max_length=20)

    @model_validator(mode="after")
    def _takes_nothing_away(self) -> Self:
        for name in self.model_fields_set - {"description", "version"}:
            if getattr(self, name) is None:
                raise ValueError(f"{name} cannot be taken away")
        return self

    @property
    def changes(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.model_fields_set if name != "version"}


class Service(ServiceTerms):
    """A service as it is stored, and as everybody sees it."""

    model_config = STORED

    id: str
    profile_id: str
    user_id: str
    is_active: bool = True


class ServiceList(BaseModel):
    """What a profile sells, oldest first: never more than fit into one answer."""

    model_config = FROZEN

    items: tuple[Service, ...]
    next_cursor: str | None = None
