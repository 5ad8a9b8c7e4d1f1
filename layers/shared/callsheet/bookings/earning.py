"""What of a booking's money is a provider's: there may be some from the capture on, and it is theirs once earned."""

from datetime import datetime

from callsheet.bookings.case import Case
from callsheet.kernel.ids import new_id
from callsheet.platform.transaction import Transaction
from callsheet.transfers.earning import add_transfer, make_due
from callsheet.transfers.model import Transfer


def keep_for_provider(case: Case, txn: Transaction, now: datetime) -> None:
    """The client has paid; the work is not accepted yet."""
    case.stored_transfer = add_transfer(txn, _transfer(case, now), now)


def owe_provider(case: Case, txn: Transaction, now: datetime) -> None:
    """What the ledger leaves to the provider is theirs from now on, and is paid when nothing keeps it."""
    if case.stored_transfer is None:  # captured before there were transfers
        case.stored_transfer = add_transfer(txn, _transfer(case, now), now, is_due=True)
    else:
        make_due(txn, case.stored_transfer, now)


def _transfer(case: Case, now: datetime) -> Transfer:
    """`charge_id` is Stripe's, whose money is passed on."""
    booking = case.booking
    return Transfer(
        id=new_id("trf"),
        booking_id=booking.id,
        provider_id=booking.provider_id,
        currency=booking.price.total.currency,
        charge_id=case.payment.charge_id,
        charged=case.payment.card,
        created_at=now,
    )
