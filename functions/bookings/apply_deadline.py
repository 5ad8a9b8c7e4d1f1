"""Deadlines of bookings: what nobody did in time."""

from aws_lambda_powertools import Logger

from callsheet import wiring
from callsheet.bookings.apply_deadline import Applied, Deadline, apply_deadline
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, consumer

_DEPS = wiring.converging()  # Stripe's SDK loads while the function starts
_logger = Logger()


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    kind, booking_id = Deadline(str(message.payload["kind"])), str(message.payload["subject"])
    match apply_deadline(kind, booking_id, caller, _DEPS):
        case Applied.DONE:
            return Done()
        case Applied.MOOT:
            return Duplicate()
        case Applied.OVERDUE:
            _logger.error("problem overdue", booking_id=booking_id)
            return Done()
