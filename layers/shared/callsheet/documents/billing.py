"""What a receipt is made of, as it stands now: a booking, its amendments that were paid for, and their entries."""

from dataclasses import dataclass

from callsheet.bookings.reading import Shown, read_booking, read_bookings
from callsheet.documents.model import Issued
from callsheet.documents.moved import Account
from callsheet.documents.numbers import receipt_id
from callsheet.documents.store import latest_issued
from callsheet.ledger.list_entries import list_entries


@dataclass(frozen=True, slots=True)
class Bill:
    """`before` is the newest version of its receipt, and was read before everything else."""

    before: Issued | None
    booking: Account
    amendments: tuple[Account, ...]


def bill_of(booking_id: str) -> Bill:
    """Three reads, two more where it has amendments and one for each of them; of an amendment it is its booking's.

    Reads are strongly consistent, and the version comes first: what is read after it is at least what that version
    told, so that nobody can put older news behind newer.
    """
    before, shown = latest_issued(receipt_id(booking_id)), read_booking(booking_id)
    if shown.booking.amends is not None:
        return bill_of(shown.booking.amends.booking_id)
    added = read_bookings([one.id for one in shown.booking.amendments]) if shown.booking.amendments else []
    accounts = (_account(one) for one in added if one.payment.captured_at is not None)
    return Bill(before, _account(shown), tuple(one for one in accounts if one.has_been_paid))


def _account(shown: Shown) -> Account:
    return Account(shown.booking, shown.payment, list_entries(shown.booking.id).items)
