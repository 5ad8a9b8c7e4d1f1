"""The chart of accounts (product.md, "Money"): every account there is gets its name here."""

from typing import Final

from callsheet.ledger.model import AccountKind

STRIPE_CASH: Final = "stripe:cash"
FEES_DEFERRED: Final = "platform:fees_deferred"
FEES_REVENUE: Final = "platform:fees_revenue"
SERVICE_TAX: Final = "tax:service_payable"
FEE_TAX: Final = "tax:fee_payable"
PROCESSING: Final = "expense:processing"
CHARGEBACKS: Final = "expense:chargebacks"
# What the platform gives to clients beyond what it took from them.
GOODWILL: Final = "expense:goodwill"
# What it gives to clients who have brought somebody.
REFERRALS: Final = "expense:referrals"
# What the card networks hold while a dispute is open: taken from Stripe's cash, and not lost yet.
DISPUTED: Final = "stripe:disputed"
# Where the platform's own money at Stripe comes from and goes to.
BANK: Final = "platform:bank"
# Credit that clients have spent on bookings which nobody has accepted yet: the provider's then, or theirs again.
WALLET_HELD: Final = "wallet_held"
# What Stripe has given back of refunds that failed: at once the client's credit, so that no entry holds both.
REFUNDS_FAILED: Final = "refunds_failed"
# Credit that is set aside for bank transfers to clients whose card could not be credited.
CASH_OUTS: Final = "cash_outs"
# What nobody knows yet where it belongs (ADR 0123).
SUSPENSE: Final = "platform:suspense"
_RECEIVABLE: Final = ":receivable"

_KINDS: Final = {
    STRIPE_CASH: AccountKind.ASSET,
    FEES_DEFERRED: AccountKind.LIABILITY,
    FEES_REVENUE: AccountKind.INCOME,
    SERVICE_TAX: AccountKind.LIABILITY,
    FEE_TAX: AccountKind.LIABILITY,
    PROCESSING: AccountKind.EXPENSE,
    CHARGEBACKS: AccountKind.EXPENSE,
    DISPUTED: AccountKind.ASSET,
    BANK: AccountKind.ASSET,
    SUSPENSE: AccountKind.LIABILITY,
    GOODWILL: AccountKind.EXPENSE,
    REFERRALS: AccountKind.EXPENSE,
}


def provider_payable(user_id: str) -> str:
    """What the platform owes a provider for work that was paid for."""
    return f"provider:{user_id}:payable"


def provider_receivable(user_id: str) -> str:
    """What a provider owes the platform: netted against what they are to get next."""
    return f"provider:{user_id}{_RECEIVABLE}"


def provider_reserve(user_id: str) -> str:
    """What of a provider's money is kept for a while, against disputes to come."""
    return f"reserve:{user_id}"


def wallet(user_id: str) -> str:
    """What the platform owes a client as credit, to be spent on bookings."""
    return f"wallet:{user_id}"


def kind_of(account: str) -> AccountKind:
    """Accounts of single people are what is owed to them, but for what they owe."""
    if account.endswith(_RECEIVABLE):
        return AccountKind.ASSET
    return _KINDS.get(account, AccountKind.LIABILITY)
