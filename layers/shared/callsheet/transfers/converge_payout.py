"""Moves what is known of a payout to where Stripe says it is: after a webhook, a call of ours, or a look."""

from datetime import datetime, timedelta

from callsheet.connect.for_booking import owner_of
from callsheet.gateways.payouts import BankPayoutStatus, FoundPayout, PayoutGone
from callsheet.kernel.ids import has_prefix, new_id
from callsheet.kernel.principal import Principal
from callsheet.ledger.accounts import FEES_REVENUE, provider_receivable
from callsheet.ledger.model import Entry
from callsheet.ledger.post import post
from callsheet.platform.read import get_together
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.bank_payouts import BankPayout
from callsheet.transfers.payout_deps import PayoutDeps
from callsheet.transfers.payout_events import payout_failed, payout_paid
from callsheet.transfers.payout_store import (
    OrderItem,
    PayoutItem,
    end_order,
    order_key,
    payout_key,
    save_payout,
)
from callsheet.transfers.states import BANK_PAYOUT, CHECK
from callsheet.transfers.store import add_debt

_STRIPE = "stripe"
_LATE = timedelta(days=1)


def converge_payout(account_id: str, payout_id: str, caller: Principal, deps: PayoutDeps) -> None:
    """Order and repetition do not matter; nothing where the account is nobody's here.

    Raises PaymentsUnavailable where Stripe does not answer.
    """
    provider_id = owner_of(account_id)
    if provider_id is None:
        return

    def converge() -> None:
        (stored,) = get_together([payout_key(provider_id, payout_id)])
        try:
            seen = deps.payouts.payout(account_id, payout_id)
        except PayoutGone:
            return
        known = stored if isinstance(stored, PayoutItem) else None
        order = None if known else _order_of(provider_id, seen)
        record_seen(known, order, seen, (provider_id, account_id), caller, deps.clock.now())

    decided_anew(converge)


def _order_of(provider_id: str, seen: FoundPayout) -> OrderItem | None:
    """The order of ours that it was made for, where we have not recorded that yet."""
    if seen.key is None or not has_prefix(seen.key, "pay"):
        return None
    (order,) = get_together([order_key(provider_id, seen.key)])
    return order if isinstance(order, OrderItem) and order.document.is_open else None


def record_seen(  # noqa: PLR0917 - what is known, what is seen, and whose it is
    stored: PayoutItem | None,
    order: OrderItem | None,
    seen: FoundPayout,
    owner: tuple[str, str],
    caller: Principal,
    now: datetime,
) -> BankPayout:
    """One transaction: the payout, what was ordered, the fee, the event and the next look. Stale where raced."""
    before = stored.document if stored else _new(order, seen, owner)
    action = next((row for row in BANK_PAYOUT.exits(before.status) if row.target is seen.status), None)
    if stored is not None and action is None:
        return before  # it is there already, or beyond
    status = BANK_PAYOUT.step(before.status, action.action, _STRIPE).target if action else before.status
    changed = {"status": status, "arrives_at": seen.arrives_at, "failure": seen.failure}
    payout, txn = before.model_copy(update=changed), Transaction(caller, now)
    save_payout(txn, stored, payout)
    if order is not None:
        end_order(txn, order, order.document.model_copy(update={"stripe_payout_id": seen.id}))
    match status:
        case BankPayoutStatus.PAID:
            txn.publish(payout_paid(payout))
            _charge(txn, payout, now)
        case BankPayoutStatus.FAILED:
            txn.publish(payout_failed(payout))
        case BankPayoutStatus.PENDING | BankPayoutStatus.IN_TRANSIT:
            txn.due(CHECK, payout.provider_id, max(now, payout.arrives_at) + _LATE)
        case BankPayoutStatus.CANCELED:
            pass
    txn.commit()
    return payout


def _new(order: OrderItem | None, seen: FoundPayout, owner: tuple[str, str]) -> BankPayout:
    """Whatever has happened to it since, it began as pending."""
    provider_id, account_id = owner
    return BankPayout(
        id=order.document.id if order else new_id("pay"),
        provider_id=provider_id,
        account_id=account_id,
        stripe_payout_id=seen.id,
        amount=seen.amount,
        fee=order.document.fee if order else None,
        method=seen.method,
        created_at=seen.created_at,
        arrives_at=seen.arrives_at,
    )


def _charge(txn: Transaction, payout: BankPayout, now: datetime) -> None:
    """Our fee is earned once the money is there; the provider owes it, and their next transfer pays it."""
    if payout.fee is None:
        return
    owed, earned = (provider_receivable(payout.provider_id), payout.fee), (FEES_REVENUE, -payout.fee)
    post(txn, Entry.of(payout.id, f"instant_fee:{payout.stripe_payout_id}", owed, earned), now)
    add_debt(txn, payout.provider_id, payout.fee)
