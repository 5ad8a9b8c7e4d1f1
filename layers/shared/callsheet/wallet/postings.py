"""What credit posts to the ledger: the wallet is its own account, and never in one entry with Stripe's cash."""

from callsheet.kernel.money import Money
from callsheet.ledger.accounts import WALLET_HELD, wallet
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
