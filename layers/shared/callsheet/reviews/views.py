"""Reviews as parties, everybody and support see them."""

from datetime import datetime

from callsheet.bookings.model import Booking
from callsheet.bookings.rules import Party
from callsheet.reviews.model import Exchange, ExchangeView, ModeratedView, Review, ReviewView, Said, SaidView
from callsheet.reviews.rules import review_until, said_by


def exchange_view(booking: Booking, exchange: Exchange | None, by: Party, now: datetime) -> ExchangeView:
    other = Party.PROVIDER if by is Party.CLIENT else Party.CLIENT
    until = review_until(booking)
    mine = said_by(exchange, by) if exchange else None
    is_open = mine is None and until is not None and now < until
    revealed_at = exchange.revealed_at if exchange else None
    return ExchangeView(
        booking_id=booking.id,
        mine=_said(mine),
        theirs=_said(said_by(exchange, other)) if exchange and revealed_at else None,
        can_review_until=until if is_open else None,
        # Tells also who has not written that the other side has, as a notice does; what it says stays sealed.
        reveal_at=exchange.reveal_at if exchange else None,
        revealed_at=revealed_at,
    )


def review_view(review: Review) -> ReviewView:
    return ReviewView.model_validate(review.model_dump(include=set(ReviewView.model_fields)))


def moderated_view(review: Review) -> ModeratedView:
    return ModeratedView.model_validate(review.model_dump(include=set(ModeratedView.model_fields)))


def _said(said: Said | None) -> SaidView | None:
    if said is None or said.is_hidden:
        return None
    return SaidView(id=said.id, stars=said.stars, words=said.words, written_at=said.written_at)
