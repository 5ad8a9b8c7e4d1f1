"""What becomes of a profile's bookings is counted: what was accepted, what its owner called off, what is disputed."""

from collections.abc import Callable
from datetime import datetime

from pydantic import AwareDatetime, BaseModel

from callsheet.catalogue.conduct import Conduct, Incident, Mishap, with_accepted, with_incident
from callsheet.catalogue.conduct_store import stored_conduct
from callsheet.catalogue.counting import keep_count
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.kernel.models import STORED
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction

CONSUMER = "catalogue.count_conduct"


class Told(BaseModel):
    """What an event says of a booking, as far as it counts. Events come in any order."""

    model_config = STORED

    profile_id: str
    booking_id: str
    reason: str | None = None
    dispute_id: str | None = None


class HeardOf(BaseModel):
    model_config = STORED

    event_id: str
    name: str
    occurred_at: AwareDatetime
    payload: Told


def count_conduct(heard: HeardOf, caller: Principal, deps: CatalogueDeps) -> bool:
    """Whether it counts. One read and one transaction. AlreadyConsumed the second time, Stale."""
    change = _change(heard)
    if change is None:
        return False
    decided_anew(lambda: _count(heard, change, caller, deps.clock.now()))
    return True


def _count(heard: HeardOf, change: Callable[[Conduct], Conduct], caller: Principal, now: datetime) -> None:
    stored = stored_conduct(heard.payload.profile_id)
    txn = Transaction(caller, now)
    txn.consume(heard.event_id, CONSUMER)
    after = change(stored.document if stored else Conduct())
    keep_count(txn, heard.payload.profile_id, stored, after, now)
    txn.commit()


def _change(heard: HeardOf) -> Callable[[Conduct], Conduct] | None:
    """A provider can call off only what they had accepted: `declined` is another reason, and an answer."""
    told, on = heard.payload, heard.occurred_at.date()
    match heard.name:
        case "booking.accepted":
            return lambda conduct: with_accepted(conduct, heard.occurred_at)
        case "booking.cancelled" if told.reason == "provider":
            called_off = Incident(id=told.booking_id, kind=Mishap.CANCELLATION, on=on)
            return lambda conduct: with_incident(conduct, called_off)
        case "dispute.opened" | "dispute.won" if told.dispute_id is not None:
            is_open = heard.name == "dispute.opened"
            disputed = Incident(id=told.dispute_id, kind=Mishap.DISPUTE, on=on, counts=is_open)
            return lambda conduct: with_incident(conduct, disputed)
    return None
