"""A booking has ended: its amendments end with it."""

from datetime import datetime

from callsheet import wiring
from callsheet.amendments.follow_booking import Followed, follow_booking
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Message, Outcome, Permanent, consumer

_DEPS = wiring.converging()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    """What is stuck ends in the dead letters, whose alarm wakes somebody; it is looked at all the same."""
    booking_id, due_at = str(message.payload["subject"]), str(message.payload["due_at"])
    followed = follow_booking(booking_id, datetime.fromisoformat(due_at), caller, _DEPS)
    return Permanent("amendments_stuck") if followed is Followed.STUCK else Done()
