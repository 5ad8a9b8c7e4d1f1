"""What makes a booking an amendment of another, and what that other keeps of it; the figures that bound both.

A change order or overtime is a booking of its own, without a calendar, whose price comes on top (ADR 0145).
"""

from enum import StrEnum
from fractions import Fraction

from pydantic import AwareDatetime, BaseModel, Field

from callsheet.bookings.rules import BookingStatus, Party
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money

LIMITS_VERSION = "2026-01"
# Of one booking, whatever became of them: nobody is asked an eleventh time.
MOST_AMENDMENTS = 10
PROPOSAL_HOURS = 24
OVERTIME_SHARE = Fraction(3, 2)
# What a client may agree to at checkout, and a provider report at once.
MOST_OVERTIME_MINUTES = 240

FOLLOW = "booking.amendments"


class AmendmentKind(StrEnum):
    CHANGE_ORDER = "change_order"
    OVERTIME = "overtime"


class Amends(BaseModel):
    """Which booking is amended, how, and who proposed it.

    `agreed_at` is since when nobody's word is missing, so that what is authorised is captured. `is_off_session` where
    the client had agreed at checkout: they are not there to answer their bank.
    """

    model_config = FROZEN

    booking_id: str
    kind: AmendmentKind
    proposed_by: Party
    minutes: int | None = None
    is_off_session: bool = False
    agreed_at: AwareDatetime | None = None
    limits_version: str = LIMITS_VERSION


class Amendment(BaseModel):
    """What a booking keeps of an amendment; written in the transactions of either."""

    model_config = FROZEN

    id: str
    kind: AmendmentKind
    status: BookingStatus
    subtotal: Money
    total: Money = Field(description="What the client pays for it")
    minutes: int | None = Field(default=None, description="Of overtime")
    is_off_session: bool = False

    @property
    def counts(self) -> bool:
        """False for what was cancelled: it costs nothing."""
        return self.status is not BookingStatus.CANCELLED

    @property
    def is_open(self) -> bool:
        """True while something is still to become of it."""
        return self.status in {BookingStatus.PENDING, BookingStatus.ACCEPTED}
