"""What paying a provider posts to the ledger (product.md, "Money")."""

from collections.abc import Iterator

from callsheet.kernel.money import Money
from callsheet.ledger.accounts import (
    STRIPE_CASH,
    provider_payable,
    provider_receivable,
    provider_reserve,
)
from callsheet.ledger.model import Entry
from callsheet.transfers.planning import Payout


def claim_entries(booking_id: str, provider_id: str, leg: int, paid: Payout) -> Iterator[Entry]:
    """What of the payable is kept as a reserve, and what goes into the provider's debt."""
    payable = provider_payable(provider_id)
    if not paid.reserve.is_zero:
        reserve = provider_reserve(provider_id)
        yield _move(booking_id, f"reserve:{leg}", paid.reserve, debit=payable, credit=reserve)
    if not paid.netted.is_zero:
        receivable = provider_receivable(provider_id)
        yield _move(booking_id, f"netting:{leg}", paid.netted, debit=payable, credit=receivable)


def transfer_entry(booking_id: str, provider_id: str, leg: int, amount: Money, stripe_id: str) -> Entry:
    """Money has left for the provider's account at Stripe."""
    payable = provider_payable(provider_id)
    cause = f"transfer:{leg}"
    return _move(booking_id, cause, amount, debit=payable, credit=STRIPE_CASH, reference=stripe_id)


def reversal_entry(
    booking_id: str, provider_id: str, reversal_id: str, amount: Money, stripe_id: str
) -> Entry:
    """Money has come back from the provider's account at Stripe."""
    payable = provider_payable(provider_id)
    cause = f"transfer_reversal:{reversal_id}"
    return _move(booking_id, cause, amount, debit=STRIPE_CASH, credit=payable, reference=stripe_id)


def debt_entry(booking_id: str, provider_id: str, reversal_id: str, amount: Money) -> Entry:
    """What was paid out and cannot be taken back: the provider owes it from now on."""
    receivable, payable = provider_receivable(provider_id), provider_payable(provider_id)
    return _move(booking_id, f"debt:{reversal_id}", amount, debit=receivable, credit=payable)


def reserve_release_entry(booking_id: str, provider_id: str, cause: str, amount: Money) -> Entry:
    """The reserve's time is over, or it is needed: it is owed like everything else."""
    reserve, payable = provider_reserve(provider_id), provider_payable(provider_id)
    return _move(booking_id, f"reserve_release:{cause}", amount, debit=reserve, credit=payable)


def _move(
    subject: str, cause: str, amount: Money, *, debit: str, credit: str, reference: str | None = None
) -> Entry:
    return Entry.of(subject, cause, (debit, amount), (credit, -amount), reference=reference)
