"""A dispute with its booking, as evidence is prepared and handed in."""

from callsheet.bookings.case import Case, load_case
from callsheet.documents.errors import DisputeNotFound
from callsheet.payments.disputes import DisputeItem, dispute_key


def load_disputed(booking_id: str, dispute_id: str) -> tuple[Case, DisputeItem]:
    """One batch read. Raises DisputeNotFound, and NotFound where there is no such booking."""
    case = load_case(booking_id, beside=[dispute_key(booking_id, dispute_id)])
    (stored,) = case.beside
    if not isinstance(stored, DisputeItem):
        raise DisputeNotFound
    return case, stored
