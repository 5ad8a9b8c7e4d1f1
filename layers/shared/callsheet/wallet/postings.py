"""What credit posts to the ledger: the wallet is its own account, and never in one entry with Stripe's cash."""

from callsheet.kernel.money import Money
from callsheet.ledger.accounts import BANK, CASH_OUTS, WALLET_HELD, wallet
from callsheet.ledger.model import Entry


def credited_entry(credit_id: str, user_id: str, expense: str, amount: Money) -> Entry:
    """The platform owes a client credit, which costs it now: `expense` is the account that bears it."""
    return Entry.of(credit_id, "wallet_credited", (expense, amount), (wallet(user_id), -amount))


def held_entry(booking_id: str, user_id: str, amount: Money) -> Entry:
    """Credit is kept for a booking that nobody has accepted yet."""
    return Entry.of(booking_id, "wallet_held", (wallet(user_id), amount), (WALLET_HELD, -amount))


def returned_entry(booking_id: str, user_id: str, amount: Money) -> Entry:
    """The booking came to nothing."""
    return Entry.of(booking_id, "wallet_returned", (WALLET_HELD, amount), (wallet(user_id), -amount))


def cash_out_entry(cash_out_id: str, user_id: str, amount: Money) -> Entry:
    """Credit is set aside for a bank transfer that is to be made."""
    return Entry.of(cash_out_id, "cash_out", (wallet(user_id), amount), (CASH_OUTS, -amount))


def cash_out_paid_entry(cash_out_id: str, amount: Money) -> Entry:
    """It was made, from the platform's own account: Stripe's cash has no part in it."""
    return Entry.of(cash_out_id, "cash_out_paid", (CASH_OUTS, amount), (BANK, -amount))


def cash_out_returned_entry(cash_out_id: str, user_id: str, amount: Money, *, was_paid: bool) -> Entry:
    """It was not made, or has come back."""
    source = BANK if was_paid else CASH_OUTS
    return Entry.of(cash_out_id, "cash_out_returned", (source, amount), (wallet(user_id), -amount))
