"""Stripe's side of the money: balance transactions and what they sum to (Stripe, "Balance transaction types").

The fee is the published one of US cards, 2.9 % + 30 (of the minor unit; 30 of a zero-decimal currency stands for the
amount that Stripe would convert), rounded half up. Card money is available after two days.
"""

from collections.abc import Mapping

from local.stripe_sim.shapes import Json, Obj, whole_of
from local.stripe_sim.world import World, new_id

FEE_BASIS_POINTS, FEE_FIXED = 290, 30
DISPUTE_FEE = 1_500
PENDING_SECONDS = 2 * 24 * 3600
_CATEGORIES: Mapping[str, str] = {"adjustment": "dispute", "stripe_fee": "fee"}


def charge_fee(amount: int) -> int:
    return (amount * FEE_BASIS_POINTS + 5_000) // 10_000 + FEE_FIXED


def book(
    world: World,
    kind: str,
    source: str,
    amount: int,
    currency: str,
    *,
    fee: int = 0,
    description: str | None = None,
    is_pending: bool = False,
    category: str | None = None,
) -> str:
    """Record one movement; `amount` is negative where money leaves. Answers the balance transaction's id."""
    now = world.timestamp()
    transaction: Obj = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + (PENDING_SECONDS if is_pending else 0),
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
        "status": "pending" if is_pending else "available",
        "type": kind,
    }
    return str(world.keep(transaction)["id"])


def _fee_details(kind: str, fee: int, currency: str) -> list[Json]:
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Dispute fee" if kind == "adjustment" else "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]


def settle(world: World) -> None:
    """What has waited long enough is available."""
    now = world.timestamp()
    for transaction in world.kept("balance_transaction").values():
        if transaction["status"] == "pending" and whole_of(transaction, "available_on") <= now:
            transaction["status"] = "available"


def balance_minor(world: World, currency: str, status: str = "available") -> int:
    return sum(
        whole_of(transaction, "net")
        for transaction in world.kept("balance_transaction").values()
        if transaction["currency"] == currency and transaction["status"] == status
    )


def currencies(world: World) -> list[str]:
    """Those that money has moved in, and dollars."""
    moved = {str(transaction["currency"]) for transaction in world.kept("balance_transaction").values()}
    return sorted(moved | {"usd"})
