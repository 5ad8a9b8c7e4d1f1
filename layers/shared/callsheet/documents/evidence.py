"""What we know of a disputed booking, gathered for the cardholder's bank: facts as they stood, bytes that never change.

The bundle (ZIP) holds everything, for ourselves and for whoever asks later; the bank gets the PDF and a few fields.
"""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from pydantic import AwareDatetime, BaseModel

from callsheet.bookings.cancellation import CancellationPolicy
from callsheet.bookings.model import Booking
from callsheet.bookings.price import PriceSnapshot
from callsheet.bookings.store import events_of
from callsheet.documents.canonical import canonical, sha256
from callsheet.documents.figures import amount_with_currency, day, span
from callsheet.gateways.disputes import Evidence
from callsheet.kernel.events import Envelope
from callsheet.kernel.models import FROZEN
from callsheet.ledger.model import JournalEntry
from callsheet.payments.disputes import Dispute

_PAGE = 100
# ZIP knows no earlier moment, and nobody's clock goes in.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class Facts(BaseModel):
    """All that goes into the bundle. `words` is what staff says to the bank."""

    model_config = FROZEN

    dispute: Dispute
    booking: Booking
    names: dict[str, str]
    events: tuple[Envelope, ...]
    entries: tuple[JournalEntry, ...]
    words: str
    gathered_at: AwareDatetime

    @property
    def price(self) -> PriceSnapshot:
        return self.booking.price


def timeline_of(booking_id: str) -> tuple[Envelope, ...]:
    """All that has happened to a booking, oldest first; one query a hundred events."""
    found: list[Envelope] = []
    after = None
    while True:
        items, after = events_of(booking_id, after, _PAGE)
        found.extend(item.document for item in items)
        if after is None:
            return tuple(found)


def bundle_of(facts: Facts, pdf: bytes) -> bytes:
    """A ZIP: the same facts are the same bytes. `manifest.json` has each file's hash."""
    files: dict[str, bytes] = {
        "dispute.json": canonical(facts.dispute.model_dump(mode="json")),
        "evidence.pdf": pdf,
        "journal.json": canonical([entry.model_dump(mode="json") for entry in facts.entries]),
        "notes.json": canonical(_notes(facts)),
        "policy.json": canonical(facts.booking.policy.model_dump(mode="json")),
        "price.json": canonical(facts.price.model_dump(mode="json")),
        "timeline.json": canonical([event.model_dump(mode="json") for event in facts.events]),
    }
    files["manifest.json"] = canonical({name: sha256(content) for name, content in files.items()})
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as bundle:
        for name, content in sorted(files.items()):
            bundle.writestr(zipfile.ZipInfo(name, _NO_TIME), content)
    return archive.getvalue()


def _notes(facts: Facts) -> Mapping[str, str | None]:
    """What people have written: the client with their request and of a problem, whoever cancelled, and staff now."""
    booking = facts.booking
    return {
        "client_note": booking.note,
        "client_problem": booking.problem.description if booking.problem else None,
        "cancellation": booking.cancellation.words if booking.cancellation else None,
        "support": facts.words,
    }


def evidence_of(booking: Booking, words: str, file_id: str) -> Evidence:
    """The fields a bank reads first; of what never changes on a booking, so that a repeat says the same."""
    titles = ", ".join(line.title for line in booking.price.lines) or "A creative service"
    service_date = booking.starts_at or booking.created_at
    policy = policy_words(booking.policy)
    return Evidence(
        product_description=f"{titles}, for {amount_with_currency(booking.price.total)} in total",
        service_date=service_date.date().isoformat(),
        cancellation_policy=policy,
        refund_policy=policy,
        words=words,
        file_id=file_id,
    )


def policy_words(policy: CancellationPolicy) -> str:
    """The policy that the client agreed to, in sentences."""
    bands = [
        f"{band.hours_before_start} hours or more before the start, {band.client_percent} % of the subtotal goes back."
        for band in policy.bands
    ]
    return " ".join([f"Policy {policy.key} ({policy.version}).", *bands, "Later, nothing goes back."])


def what_happened(booking: Booking) -> str:
    """The booking's own course, in sentences."""
    said = [f"Booked on {day(booking.created_at)}."]
    if booking.starts_at is not None:
        said.append(f"Agreed for {span(booking.starts_at, booking.ends_at)}.")
    if booking.accepted_at is not None:
        said.append(f"The provider accepted on {day(booking.accepted_at)}.")
    if booking.ended_at is not None and booking.starts_at is not None:
        said.append(f"The session ended on {day(booking.ended_at)}.")
    if booking.problem is not None:
        said.append(f"The client reported a problem on {day(booking.problem.reported_at)}.")
    if booking.completed_at is not None:
        said.append(f"The work was accepted on {day(booking.completed_at)}.")
    if booking.cancellation is not None:
        said.append(f"It was cancelled on {day(booking.cancellation.cancelled_at)}.")
    return " ".join(said)
