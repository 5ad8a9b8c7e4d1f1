"""Who may review what until when, and what becomes of an exchange: pure decisions."""

from datetime import datetime, timedelta

from callsheet.bookings.model import Booking
from callsheet.bookings.rules import BookingStatus, Party
from callsheet.kernel.errors import Forbidden, NotFound
from callsheet.reviews.errors import AlreadyReviewed, NotReviewable, ReviewWindowClosed
from callsheet.reviews.model import Exchange, Review, Said

REVIEW_WITHIN = timedelta(days=60)  # from completion
SEALED_FOR = timedelta(days=14)  # from the first of the two
REVEAL_DEADLINE = "review.reveal"


def party_of(booking: Booking, user_id: str) -> Party:
    """Raises NotFound for who is neither."""
    match user_id:
        case booking.client_id:
            return Party.CLIENT
        case booking.provider_id:
            return Party.PROVIDER
    raise NotFound("There is no such booking, or it is not yours to see")


def review_until(booking: Booking) -> datetime | None:
    """None as long as it is not completed."""
    if booking.status is not BookingStatus.COMPLETED or booking.completed_at is None:
        return None
    return booking.completed_at + REVIEW_WITHIN


def check_may_review(booking: Booking, exchange: Exchange | None, by: Party, now: datetime) -> None:
    """Raises NotReviewable, AlreadyReviewed, ReviewWindowClosed."""
    until = review_until(booking)
    if until is None:
        raise NotReviewable
    if exchange is not None and said_by(exchange, by) is not None:
        raise AlreadyReviewed
    if now >= until:
        raise ReviewWindowClosed


def begun(booking: Booking, now: datetime) -> Exchange:
    """The exchange that the first of two reviews begins."""
    return Exchange(
        booking_id=booking.id,
        client_id=booking.client_id,
        provider_id=booking.provider_id,
        profile_id=booking.profile_id,
        reveal_at=now + SEALED_FOR,
    )


def said_by(exchange: Exchange, party: Party) -> Said | None:
    return exchange.by_client if party is Party.CLIENT else exchange.by_provider


def with_said(exchange: Exchange, by: Party, said: Said) -> Exchange:
    return exchange.model_copy(update={f"by_{by.value}": said})


def check_is_no_side(exchange: Exchange | None, user_id: str) -> None:
    """Raises Forbidden: nobody decides about a review of their own booking, whatever roles they have."""
    if exchange is not None and user_id in {exchange.client_id, exchange.provider_id}:
        raise Forbidden("Nobody decides about a review of their own booking")


def is_whole(exchange: Exchange) -> bool:
    """Both sides have written."""
    return exchange.by_client is not None and exchange.by_provider is not None


def is_to_be_revealed(exchange: Exchange, now: datetime) -> bool:
    """Both are there, or the first has waited long enough, or was revealed before the second came."""
    return is_whole(exchange) or now >= exchange.reveal_at or exchange.revealed_at is not None


def revealed(exchange: Exchange, party: Party, now: datetime) -> Review | None:
    """What one side said, for everybody to read."""
    said = said_by(exchange, party)
    if said is None:
        return None
    is_client = party is Party.CLIENT
    return Review(
        id=said.id,
        booking_id=exchange.booking_id,
        by=party,
        author_id=exchange.client_id if is_client else exchange.provider_id,
        subject_id=exchange.profile_id if is_client else exchange.client_id,
        profile_id=exchange.profile_id,
        stars=said.stars,
        words=said.words,
        written_at=said.written_at,
        revealed_at=now,
    )
