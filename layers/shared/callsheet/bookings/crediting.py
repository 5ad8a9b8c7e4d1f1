"""Credit that pays for a booking is kept for it at checkout, and is the client's again where that comes to nothing."""

from datetime import datetime

from callsheet.bookings.case import Case
from callsheet.ledger.post import post
from callsheet.payments.model import Payment
from callsheet.platform.transaction import Transaction
from callsheet.wallet.for_booking import give_back, hold


def keep_credit(txn: Transaction, payment: Payment, now: datetime) -> None:
    """In the transaction of a checkout. Raises, on commit, WalletChanged where there is no longer so much."""
    if payment.wallet is not None:
        post(txn, hold(txn, payment.client_id, payment.subject, payment.wallet, now), now)


def return_credit(txn: Transaction, case: Case, now: datetime) -> None:
    """In the transaction in which the payment ends without a capture, which is written once."""
    payment = case.payment
    if payment.wallet is not None:
        post(txn, give_back(txn, payment.client_id, payment.subject, payment.wallet, now), now)
