"""A provider has their money at their bank at once, if nothing speaks against it, for a fee."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from callsheet.connect.errors import PayoutsNotEnabled
from callsheet.connect.for_booking import account_from, account_key
from callsheet.gateways.asking import was_asked_before
from callsheet.gateways.payouts import InstantPayoutOrder, PayoutRefusal, PayoutRefused
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal
from callsheet.ledger.payout_gate import PayoutsPaused, check_open, gate_key, shut_by
from callsheet.platform.once import claim, record_keys, was_claimed
from callsheet.platform.read import get_together
from callsheet.platform.records import RequestItem
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction
from callsheet.transfers.bank_payouts import (
    BankPayoutView,
    InstantOrder,
    InstantQuote,
    PayInstantly,
    view_of,
)
from callsheet.transfers.converge_payout import record_seen
from callsheet.transfers.disputed import DisputedItem, disputed_key
from callsheet.transfers.payout_deps import PayoutDeps
from callsheet.transfers.payout_errors import (
    InstantFundsInsufficient,
    InstantPayoutDisputed,
    InstantPayoutOwing,
    InstantPayoutRefused,
    InstantPayoutUnderWay,
)
from callsheet.transfers.payout_store import (
    OrderItem,
    PayoutItem,
    UnderWayItem,
    add_order,
    end_order,
    order_key,
    payout_key,
    under_way_key,
)
from callsheet.transfers.rules import WATCH
from callsheet.transfers.states import CHECK
from callsheet.transfers.store import DebtItem, debt_key, debts_of

_FEE_BASIS_POINTS = 100  # numbers.md: 1 %


def fee_for(amount: Money) -> Money:
    """Rounded half up, and at least the smallest part of the currency."""
    fee = amount.basis_points(_FEE_BASIS_POINTS)
    return fee if fee.amount_minor >= 1 else Money.of(1, amount.currency)


def quote_instant_payout(caller: Principal, deps: PayoutDeps) -> InstantQuote:
    """What all that is available would cost. Refused as the payout itself would be."""
    account_id = _allowed(_circle_of(caller.user_id))
    _check_debt(caller.user_id)
    amount = _amount(None, _funds(account_id, deps))
    return InstantQuote.of(amount, fee_for(amount))


def pay_instantly(command: PayInstantly, caller: Principal, deps: PayoutDeps) -> BankPayoutView:
    """Written down, asked for, recorded; one at a time, and once for an Idempotency-Key.

    Raises PayoutsNotEnabled, PayoutsPaused, InstantPayoutDisputed, InstantPayoutOwing, InstantPayoutUnderWay,
    InstantFundsInsufficient and InstantPayoutRefused; PaymentsUnavailable where the outcome is not known: whoever comes
    next, or the look that is arranged, finishes it.
    """
    stored = decided_anew(lambda: _ordered(command, caller, deps))
    return finish_order(caller.user_id, stored.document.id, caller, deps)


def _ordered(command: PayInstantly, caller: Principal, deps: PayoutDeps) -> OrderItem:
    now, provider_id = deps.clock.now(), caller.user_id
    *circle, record = [*_circle_of(provider_id), *(get_together(record_keys(caller.request_key)) or [None])]
    if was_claimed(record, caller.request_key, now) and isinstance(record, RequestItem):
        return _order(provider_id, record.document.subject or "")
    account_id = _allowed(circle)
    _check_debt(provider_id)
    amount = _amount(command.amount, _funds(account_id, deps))
    order = InstantOrder(
        id=new_id("pay"),
        provider_id=provider_id,
        account_id=account_id,
        amount=amount,
        fee=fee_for(amount),
        since=now,
    )
    txn = Transaction(caller, now)
    claim(txn, caller.request_key, now, subject=order.id)
    item = add_order(txn, order, InstantPayoutUnderWay(retry_after_seconds=2))
    check_open(txn)
    txn.check(disputed_key(provider_id), DisputedItem.bookings.does_not_exist(), InstantPayoutDisputed())
    owes_nothing = DebtItem.owed.does_not_exist() | (DebtItem.owed <= 0)
    txn.check(debt_key(provider_id, amount.currency), owes_nothing, InstantPayoutOwing())
    txn.due(CHECK, provider_id, now + WATCH)
    txn.commit()
    return item


def _circle_of(provider_id: str) -> Sequence[Table | None]:
    return get_together(
        [account_key(provider_id), under_way_key(provider_id), disputed_key(provider_id), gate_key()]
    )


def _allowed(circle: Sequence[Table | None]) -> str:
    """Stripe's id of the account that is paid out."""
    account, under_way, disputed, gate = circle
    paid_into = account_from(account)
    if paid_into is None or not paid_into.can_be_paid:
        raise PayoutsNotEnabled(extra={"payout_status": str(paid_into.status)} if paid_into else {})
    if shut_by(gate):
        raise PayoutsPaused
    if isinstance(disputed, DisputedItem) and disputed.bookings:
        raise InstantPayoutDisputed
    if isinstance(under_way, UnderWayItem):
        raise InstantPayoutUnderWay(retry_after_seconds=2)
    return paid_into.stripe_account_id


def _check_debt(provider_id: str) -> None:
    """Whatever the currency; the transaction holds to the one that is paid out, in which the fee will be owed."""
    if any(owed > 0 for owed in debts_of(provider_id)):
        raise InstantPayoutOwing


def _funds(account_id: str, deps: PayoutDeps) -> Sequence[Money]:
    try:
        return [one for one in deps.payouts.instant_funds(account_id) if one.amount_minor > 0]
    except PayoutRefused as refused:
        raise _refusal(refused.reason) from refused


def _amount(asked: Money | None, funds: Sequence[Money]) -> Money:
    """What is asked for, or else all there is of the first currency."""
    if asked is None:
        if not funds:
            raise InstantFundsInsufficient
        return funds[0]
    available = sum(one.amount_minor for one in funds if one.currency == asked.currency)
    if asked.amount_minor > available:
        raise InstantFundsInsufficient(extra={"available_minor": available})
    return asked


def _order(provider_id: str, order_id: str) -> OrderItem:
    (order,) = get_together([order_key(provider_id, order_id)])
    if not isinstance(order, OrderItem):
        raise Stale
    return order


def finish_order(provider_id: str, order_id: str, caller: Principal, deps: PayoutDeps) -> BankPayoutView:
    """What came of an order, asked for where nobody knows yet. Raises as `pay_instantly` does."""
    return decided_anew(lambda: _finished(_order(provider_id, order_id), caller, deps))


def _finished(stored: OrderItem, caller: Principal, deps: PayoutDeps) -> BankPayoutView:
    order = stored.document
    if order.refusal is not None:
        raise _refusal(order.refusal)
    if order.stripe_payout_id is not None:
        (payout,) = get_together([payout_key(order.provider_id, order.stripe_payout_id)])
        if not isinstance(payout, PayoutItem):
            raise Stale
        return view_of(payout.document)
    asked = InstantPayoutOrder(key=order.id, account_id=order.account_id, amount=order.amount)
    made = None
    with suppress(PayoutRefused):  # an account that is gone says so again below
        if was_asked_before(order.since, deps.clock.now()):
            made = deps.payouts.find_payout(asked, order.since)
    try:
        seen = made or deps.payouts.pay_instantly(asked)
    except PayoutRefused as refused:
        _refuse(stored, refused.reason, caller, deps.clock.now())
        raise _refusal(refused.reason) from refused
    owner = (order.provider_id, order.account_id)
    return view_of(record_seen(None, stored, seen, owner, caller, deps.clock.now()))


def _refuse(stored: OrderItem, reason: PayoutRefusal, caller: Principal, now: datetime) -> None:
    txn = Transaction(caller, now)
    end_order(txn, stored, stored.document.model_copy(update={"refusal": reason}))
    txn.commit()


def _refusal(reason: PayoutRefusal) -> CallsheetError:
    if reason is PayoutRefusal.FUNDS:
        return InstantFundsInsufficient()
    return InstantPayoutRefused(extra={"reason": str(reason)})
