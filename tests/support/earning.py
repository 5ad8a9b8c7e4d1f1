"""Providers who have earned something."""

from callsheet.bookings.model import BookingView
from callsheet.kernel.money import Money
from callsheet.kernel.principal import system
from callsheet.platform.transaction import Transaction
from callsheet.transfers.planning import FIRST_TRANSFERS
from callsheet.transfers.store import count_transfer
from tests.support.stage import Stage

NET = Money.of(8381, "USD")  # of a direct offer of 100.00 (numbers.md)
JOB = system("transfers.release_transfer")


def an_old_hand(stage: Stage) -> None:
    """The provider has been paid for so many bookings that nothing waits any more."""
    for _ in range(FIRST_TRANSFERS):
        txn = Transaction(JOB, stage.clock.now())
        count_transfer(txn, stage.pavel.user.id)
        txn.commit()


def completed(stage: Stage) -> BookingView:
    """A booking whose session is over, and whose work is accepted."""
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    return stage.complete(booking)
