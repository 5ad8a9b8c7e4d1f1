"""A payment that has been quiet: look at it, and have it looked at again while something is still to come."""

from datetime import datetime
from enum import StrEnum

from callsheet.bookings.case import load_case
from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.converging_deps import Converging
from callsheet.bookings.ending import expire_if_unpaid
from callsheet.bookings.watching import watch_again
from callsheet.kernel.principal import Principal
from callsheet.payments.rules import STUCK_AFTER, needs_watching
from callsheet.platform.transaction import Transaction


class Watched(StrEnum):
    SETTLED = "settled"
    WAITING = "waiting"
    STUCK = "stuck"  # somebody should look: it has been in flight for longer than anything takes


def check_payment(booking_id: str, due_at: datetime, caller: Principal, deps: Converging) -> Watched:
    """The next look is arranged before this one, so that a crash or an outage in between ends nothing.

    `due_at` is when this look was due; the next is counted from it, so that a repeated message arranges the same one.
    """
    now = deps.clock.now()
    payment = load_case(booking_id).payment
    if not needs_watching(payment):
        return Watched.SETTLED
    txn = Transaction(caller, now)
    watch_again(txn, booking_id, due_at, now)
    txn.commit()
    converge_payment(booking_id, caller, deps)
    expire_if_unpaid(load_case(booking_id), caller, deps)
    asked = payment.in_flight
    return Watched.STUCK if asked and asked.since + STUCK_AFTER <= now else Watched.WAITING
