"""Stripe's side of the money: balance transactions and what they sum to (Stripe, "Balance transaction types").

The fee is the published one of US cards, 2.9 % + 30 (of the minor unit; 30 of a zero-decimal currency stands for the
amount that Stripe would convert), rounded half up. Card money is available after two days.
"""

from collections.abc import Mapping

from local.stripe_sim.errors import Refusal
from local.stripe_sim.shapes import Json, Obj, whole_of
from local.stripe_sim.world import World, new_id

FEE_BASIS_POINTS, FEE_FIXED = 290, 30
DISPUTE_FEE = 1_500
PENDING_SECONDS = 2 * 24 * 3600
# Stripe, "Reporting categories", where it is not the type itself.
_CATEGORIES: Mapping[str, str] = {
    "adjustment": "dispute",
    "payment": "charge",
    "payment_refund": "refund",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "stripe_fee": "fee",
    "transfer_refund": "transfer_reversal",
}
_FEES: Mapping[str, str] = {"adjustment": "Dispute fee", "payout": "Instant payout fee"}


def charge_fee(amount: int) -> int:
    return (amount * FEE_BASIS_POINTS + 5_000) // 10_000 + FEE_FIXED


def book(
    world: World,
    kind: str,
    source: str | None,
    amount: int,
    currency: str,
    *,
    fee: int = 0,
    description: str | None = None,
    available_on: int | None = None,
    category: str | None = None,
) -> str:
    """Record one movement; `amount` is negative where money leaves. Answers the balance transaction's id."""
    now = world.timestamp()
    on = max(available_on or now, now)
    transaction: Obj = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": on,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": _fee_details(kind, fee, currency) if fee else [],
        "net": amount - fee,
        "reporting_category": category or _CATEGORIES.get(kind, kind),
        "source": source,
        "status": "pending" if on > now else "available",
        "type": kind,
    }
    return str(world.keep(transaction)["id"])


def _fee_details(kind: str, fee: int, currency: str) -> list[Json]:
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": _FEES.get(kind, "Stripe processing fees"),
            "type": "stripe_fee",
        }
    ]


def settle(world: World) -> None:
    """What has waited long enough is available."""
    now = world.timestamp()
    for transaction in world.kept("balance_transaction").values():
        if transaction["status"] == "pending" and whole_of(transaction, "available_on") <= now:
            transaction["status"] = "available"


def balance_minor(world: World, currency: str, *statuses: str) -> int:
    """What is available, or of these statuses."""
    return sum(
        whole_of(transaction, "net")
        for transaction in world.kept("balance_transaction").values()
        if transaction["currency"] == currency and transaction["status"] in (statuses or ("available",))
    )


def insufficient(message: str) -> Refusal:
    return Refusal(message, code="balance_insufficient")


def currencies(world: World) -> list[str]:
    """Those that money has moved in, and dollars."""
    moved = {str(transaction["currency"]) for transaction in world.kept("balance_transaction").values()}
    return sorted(moved | {"usd"})
