"""Notifications: what is read of an event, and what a person sees of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from callsheet.kernel.events import Actor, BookingRef, ProfileRef, UserRef
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import FROZEN, STORED
from callsheet.kernel.money import Money
from callsheet.kernel.page import Page

# Fields that others have added to an event meanwhile are none of ours.


class News(StrEnum):
    """The events that somebody is told of, by name."""

    BOOKING_REQUESTED = "booking.requested"  # told as soon as it is authorised, and not before
    BOOKING_ACCEPTED = "booking.accepted"
    BOOKING_CANCELLED = "booking.cancelled"
    BOOKING_ENDED = "booking.ended"
    BOOKING_COMPLETED = "booking.completed"
    BOOKING_PROBLEM_REPORTED = "booking.problem_reported"
    AMENDMENT_PROPOSED = "amendment.proposed"
    AMENDMENT_ACCEPTED = "amendment.accepted"
    AMENDMENT_CANCELLED = "amendment.cancelled"
    PAYMENT_AUTHORIZED = "payment.authorized"
    PAYMENT_FAILED = "payment.failed"
    PAYMENT_REFUNDED = "payment.refunded"
    PAYMENT_REFUND_FAILED = "payment.refund_failed"
    DISPUTE_OPENED = "dispute.opened"
    DISPUTE_WON = "dispute.won"
    DISPUTE_LOST = "dispute.lost"
    TRANSFER_PAID = "transfer.paid"
    PAYOUT_ACCOUNT_RESTRICTED = "payout_account.restricted"
    PAYOUT_PAID = "payout.paid"
    PAYOUT_FAILED = "payout.failed"
    WALLET_CREDITED = "wallet.credited"
    CASH_OUT_PAID = "cash_out.paid"
    CASH_OUT_RETURNED = "cash_out.returned"
    RECEIPT_ISSUED = "receipt.issued"
    REVIEW_WRITTEN = "review.written"
    REVIEW_REVEALED = "review.revealed"
    SEARCH_MATCHED = "search.matched"


# Of these nobody but one person hears.
_OWNED = frozenset(
    {
        News.PAYOUT_ACCOUNT_RESTRICTED,
        News.PAYOUT_PAID,
        News.PAYOUT_FAILED,
        News.WALLET_CREDITED,
        News.CASH_OUT_PAID,
        News.CASH_OUT_RETURNED,
    }
)
# Of these the client does not hear, and what is said of them names no client.
_EARNED = frozenset({News.TRANSFER_PAID})

# These tell of what one party said of the other.
_SAID = frozenset({News.REVIEW_WRITTEN, News.REVIEW_REVEALED})


class Concerned(BaseModel):
    """What the payloads of a booking's events share: whom it concerns, and which booking.

    What only some of them say is None in the others.
    """

    model_config = STORED

    booking_id: BookingRef
    client_id: UserRef
    provider_id: UserRef
    amount: Money | None = None
    amends: BookingRef | None = None
    proposed_by: str | None = None
    was_authorized: bool | None = None


class Earned(BaseModel):
    """What the payloads of a transfer's events share: who earns, and with which booking."""

    model_config = STORED

    booking_id: BookingRef
    provider_id: UserRef


class Owned(BaseModel):
    """What the payloads of a payout account's, a payout's and a wallet's events share: whose it is."""

    model_config = STORED

    user_id: UserRef


class Matched(Owned):
    """What the payload of a saved search's event says: which search of whose, and who answers it."""

    saved_search_id: Annotated[str, Field(pattern=id_pattern("svs"))]
    profile_id: ProfileRef


class Author(StrEnum):
    """Which party has written."""

    CLIENT = "client"
    PROVIDER = "provider"


class Reviewed(BaseModel):
    """What the payloads of a review's events share: who says something of whom, and whether both have.

    Events of before 2026-12 name nobody.
    """

    model_config = STORED

    review_id: Annotated[str, Field(pattern=id_pattern("rev"))]
    booking_id: Annotated[str, Field(pattern=id_pattern("bkg"))]
    by: Author
    client_id: UserRef | None = None
    provider_id: UserRef | None = None
    is_answered: bool | None = None


type About = Concerned | Earned | Owned | Matched | Reviewed


class Heard(BaseModel):
    """What is read of an event's envelope."""

    model_config = STORED

    event_id: Annotated[str, Field(pattern=id_pattern("evt"))]
    name: News
    occurred_at: AwareDatetime
    actor: Actor
    payload: About

    @model_validator(mode="after")
    def _is_about_what_its_name_says(self) -> Self:
        is_understood = isinstance(self.payload, _said_of(self.name))
        if not is_understood:
            raise ValueError(f"{self.name} says not whom it concerns")
        return self


@dataclass(frozen=True, slots=True)
class Told:
    """To the users of these ids, `kind` has happened."""

    user_ids: frozenset[str]
    kind: News
    booking_id: str | None


def _said_of(news: News) -> type[About]:
    if news in _SAID:
        return Reviewed
    if news is News.SEARCH_MATCHED:
        return Matched
    if news in _OWNED:
        return Owned
    return Earned if news in _EARNED else Concerned


class NotificationView(BaseModel):
    """One thing that has happened to a booking of the caller's, to what they are paid, or to a search they save."""

    model_config = FROZEN

    id: str
    kind: str = Field(description="What has happened, e.g. `booking.accepted`; kinds are added over time")
    booking_id: str | None = Field(description="None where it is about no booking")
    occurred_at: AwareDatetime
    is_read: bool
    saved_search_id: str | None = None
    profile_id: str | None = Field(default=None, description="Who answers the saved search")


class NotificationPage(Page[NotificationView]):
    """Notifications of the caller, the newest first."""
