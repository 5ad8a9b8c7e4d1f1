"""What may be proposed on top of a booking, and what it costs. Pure; the figures stand in `bookings/amends.py`."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from callsheet.amendments.errors import AmendmentTooLarge, AmendmentTooSmall, NoSession, TooManyAmendments
from callsheet.bookings.amends import (
    MOST_AMENDMENTS,
    OVERTIME_SHARE,
    PROPOSAL_HOURS,
    Amends,
)
from callsheet.bookings.errors import AcceptanceWindowClosed, SessionNotStarted
from callsheet.bookings.fees import schedule_of
from callsheet.bookings.model import Booking
from callsheet.bookings.price import FeeTerms, PriceLine
from callsheet.bookings.rules import Party
from callsheet.kernel.money import Money, total

_STEP = timedelta(minutes=30)


def other(party: Party) -> Party:
    return Party.PROVIDER if party is Party.CLIENT else Party.CLIENT


def amended_by(booking: Booking) -> Money:
    """What the amendments that count come to, before taxes and fees."""
    return total([one.subtotal for one in booking.amendments if one.counts], booking.price.total.currency)


def check_limits(booking: Booking, subtotal: Money) -> None:
    """Raises TooManyAmendments, AmendmentTooSmall, and AmendmentTooLarge with what is left."""
    if len(booking.amendments) >= MOST_AMENDMENTS:
        raise TooManyAmendments(extra={"most": MOST_AMENDMENTS})
    least = schedule_of(subtotal.currency).client_minimum_minor
    if subtotal.amount_minor < least:
        raise AmendmentTooSmall(extra={"least_minor": least, "currency": subtotal.currency})
    left = booking.price.subtotal - amended_by(booking)
    if subtotal.amount_minor > left.amount_minor:
        raise AmendmentTooLarge(extra={"left_minor": left.amount_minor, "currency": left.currency})


def terms_of(booking: Booking) -> FeeTerms:
    """The booking's own terms, for what comes on top of it: both together cost what one booking of both would have."""
    return replace(booking.price.fee_terms, on_top_of=booking.price.subtotal + amended_by(booking))


def check_overtime(booking: Booking, now: datetime) -> None:
    """From the start of the session until the acceptance window ends. NoSession, SessionNotStarted, or its end."""
    if booking.starts_at is None or booking.ends_at is None:
        raise NoSession
    if now < booking.starts_at:
        raise SessionNotStarted
    if now >= booking.ends_at + timedelta(hours=booking.acceptance_hours):
        raise AcceptanceWindowClosed("The time to report overtime is over")


def overtime_line(booking: Booking, minutes: int) -> PriceLine:
    """By started half hours, at one and a half times what the session's own cost. NoSession of a remote job."""
    if booking.starts_at is None or booking.ends_at is None:
        raise NoSession
    own = -((booking.starts_at - booking.ends_at) // _STEP)
    started = _started(minutes)
    package = next(
        (line.amount for line in booking.price.lines if line.key == "package"), booking.price.subtotal
    )
    amount = package.times(OVERTIME_SHARE * Fraction(started, own))
    return PriceLine(key="overtime", title=f"Overtime, {minutes} minutes", amount=amount)


def is_agreed_at_checkout(booking: Booking, minutes: int | None) -> bool:
    """True for overtime within what the client agreed to at checkout: nobody's word is missing.

    Counted in minutes and in the half hours that are charged, so that many reports of a minute are not many half hours.
    """
    used = [one.minutes or 0 for one in booking.amendments if one.is_off_session and one.counts]
    agreed = booking.overtime_minutes
    if minutes is None or sum(used) + minutes > agreed:
        return False
    return sum(map(_started, used)) + _started(minutes) <= _started(agreed)


def _started(minutes: int) -> int:
    """How many half hours."""
    return -(-timedelta(minutes=minutes) // _STEP)


def lapses_at(created_at: datetime) -> datetime:
    return created_at + timedelta(hours=PROPOSAL_HOURS)


def awaited(amends: Amends, *, is_authorized: bool) -> Party | None:
    """Who has to do something before a pending amendment goes on."""
    if amends.agreed_at is not None or (amends.proposed_by is Party.CLIENT and not is_authorized):
        return Party.CLIENT
    return other(amends.proposed_by)
