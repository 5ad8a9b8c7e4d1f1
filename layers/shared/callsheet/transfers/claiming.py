"""What of the money that is due is paid now is decided, and what Stripe is to be asked for written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callsheet.connect.for_booking import account_from, account_key
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal
from callsheet.ledger.list_entries import list_entries
from callsheet.ledger.payout_gate import check_open, gate_key, shut_by
from callsheet.ledger.post import post_all
from callsheet.platform.read import get_together
from callsheet.platform.transaction import Transaction
from callsheet.transfers.events import TransferDelayed, TransferSettled, about
from callsheet.transfers.model import Claim, Delay, Standing, Transfer, TransferStatus
from callsheet.transfers.payable import payable_of
from callsheet.transfers.planning import Circumstances, Later, Payout, plan
from callsheet.transfers.postings import claim_entries
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.rules import LOOK, RELEASE_RESERVE, TRANSFER, WATCH, TransferAction
from callsheet.transfers.store import (
    CountItem,
    DebtItem,
    StandingItem,
    TransferItem,
    count_key,
    debt_key,
    hold_count,
    net_debt,
    save_transfer,
    standing_key,
)

_SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class _Circle:
    """What surrounds a transfer, as it was read after it."""

    seen: Circumstances
    account_id: str


def claim_transfer(booking_id: str, caller: Principal, now: datetime) -> TransferItem:
    """The transfer after what was decided of it; as it is where there is nothing to decide."""
    stored = load_transfer(booking_id)
    transfer = stored.document
    if transfer.status is not TransferStatus.DUE or _is_too_early(transfer, now):
        return stored
    circle = _circle_of(transfer)
    match plan(transfer, circle.seen, now):
        case Later() as later:
            _wait(stored, later, circle.seen, caller, now)
        case Payout() as payout:
            _keep(stored, payout, circle, caller, now)
    return stored


def _is_too_early(transfer: Transfer, now: datetime) -> bool:
    """A look that was arranged for what is over, as the watch of a claim that Stripe refused, decides nothing."""
    return transfer.next_look_at is not None and now < transfer.next_look_at


def _circle_of(transfer: Transfer) -> _Circle:
    """Read after the transfer, so that whatever is seen here is what stood when it is saved, or saving fails."""
    provider_id = transfer.provider_id
    account, debt, standing, count, gate = get_together(
        [
            account_key(provider_id),
            debt_key(provider_id, transfer.currency),
            standing_key(provider_id),
            count_key(provider_id),
            gate_key(),
        ]
    )
    entries = list_entries(transfer.booking_id).items
    paid_into = account_from(account)
    return _Circle(
        Circumstances(
            payable=payable_of(entries, provider_id, transfer.currency),
            owed=Money.of(debt.owed if isinstance(debt, DebtItem) else 0, transfer.currency),
            standing=standing.document if isinstance(standing, StandingItem) else Standing(),
            transfers_before=count.transfers if isinstance(count, CountItem) else 0,
            is_account_ready=paid_into is not None and paid_into.can_be_paid,
            is_gate_open=not shut_by(gate),
        ),
        paid_into.stripe_account_id if paid_into else "",
    )


def _wait(stored: TransferItem, later: Later, seen: Circumstances, caller: Principal, now: datetime) -> None:
    transfer, txn = stored.document, Transaction(caller, now)
    if later.delay is Delay.NEW_PROVIDER:
        hold_count(txn, transfer.provider_id, seen.transfers_before)
    if transfer.delay is not later.delay:
        txn.publish(about(TransferDelayed, transfer, delay=later.delay, until=later.until))
    save_transfer(
        txn, stored, transfer.model_copy(update={"delay": later.delay, "next_look_at": later.until})
    )
    txn.due(LOOK, transfer.booking_id, later.until)
    txn.commit()


def _keep(stored: TransferItem, payout: Payout, circle: _Circle, caller: Principal, now: datetime) -> None:
    """The reserve and what is netted move within our books; what Stripe is to be asked for is written down."""
    transfer, txn = stored.document, Transaction(caller, now)
    leg = transfer.legs_claimed + 1
    if entries := tuple(claim_entries(transfer.booking_id, transfer.provider_id, leg, payout)):
        post_all(txn, entries, now)
    if not payout.netted.is_zero:
        net_debt(txn, transfer.provider_id, payout.netted)
    kept = _with_reserve(transfer, payout, circle.seen.standing, txn, now)
    kept = kept.model_copy(update={"legs_claimed": leg, "delay": None, "next_look_at": None})
    if payout.amount.is_zero:
        TRANSFER.step(transfer.status, TransferAction.SETTLE, _SYSTEM)
        save_transfer(txn, stored, kept.model_copy(update={"status": TransferStatus.SETTLED}))
        txn.publish(about(TransferSettled, transfer))
    else:
        TRANSFER.step(transfer.status, TransferAction.PAY, _SYSTEM)
        check_open(txn)
        claim = Claim(leg=leg, amount=payout.amount, account_id=circle.account_id, since=now)
        save_transfer(txn, stored, kept.model_copy(update={"status": TransferStatus.PAYING, "claim": claim}))
        txn.due(LOOK, transfer.booking_id, now + WATCH)
    txn.commit()


def _with_reserve(
    transfer: Transfer, payout: Payout, standing: Standing, txn: Transaction, now: datetime
) -> Transfer:
    netted = payout.netted if transfer.netted is None else transfer.netted + payout.netted
    kept = transfer.model_copy(update={"netted": None if netted.is_zero else netted})
    if payout.reserve.is_zero:
        return kept
    until = now + timedelta(days=standing.reserve_days)
    txn.due(RELEASE_RESERVE, transfer.booking_id, until)
    reserved = {"was_reserved": True, "reserved": payout.reserve, "reserve_until": until}
    return kept.model_copy(update=reserved)
