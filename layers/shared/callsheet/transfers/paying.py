"""Asks Stripe for a transfer that is claimed, and records the outcome: the one way money reaches a provider."""

from datetime import datetime
from enum import StrEnum

from callsheet.gateways.asking import was_asked_before
from callsheet.gateways.refusals import TransferRefusal
from callsheet.gateways.transfers import TransferOrder, TransferReceipt, TransferRefused
from callsheet.kernel.principal import Principal
from callsheet.ledger.post import post
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.transfers.events import TransferPaid, TransferRefusedByStripe, about
from callsheet.transfers.model import Claim, Delay, Leg, TransferStatus
from callsheet.transfers.paying_deps import PayingDeps
from callsheet.transfers.postings import transfer_entry
from callsheet.transfers.rules import LOOK, STUCK_AFTER_REFUSALS, TRANSFER, TransferAction, retry_at
from callsheet.transfers.sources import source_of
from callsheet.transfers.store import TransferItem, count_transfer, save_transfer

_STRIPE = "stripe"


class Released(StrEnum):
    """What became of a look at money that is due."""

    PAID = "paid"
    WAITS = "waits"
    MOOT = "moot"
    STUCK = "stuck"  # Stripe has refused it again and again: somebody should look


def pay(stored: TransferItem, caller: Principal, deps: PayingDeps) -> Released:
    """Ask for what is claimed, and record the outcome. Raises PaymentsUnavailable where it is not known."""
    transfer = stored.document
    claim = transfer.claim
    if claim is None:
        raise Stale
    order = TransferOrder(
        key=f"{transfer.id}/{claim.leg}",
        group=transfer.booking_id,
        account_id=claim.account_id,
        amount=claim.amount,
        charge_id=source_of(transfer, claim.amount),
    )
    made = None
    if was_asked_before(claim.since, deps.clock.now()):
        made = deps.transfers.find_transfer(order)
    try:
        receipt = made or deps.transfers.transfer(order)
    except TransferRefused as refusal:
        return _refuse(stored, refusal.reason, caller, deps.clock.now())
    _record(stored, claim, receipt, caller, deps.clock.now())
    return Released.PAID


def _record(
    stored: TransferItem, claim: Claim, receipt: TransferReceipt, caller: Principal, now: datetime
) -> None:
    transfer, txn = stored.document, Transaction(caller, now)
    TRANSFER.step(transfer.status, TransferAction.CONFIRM, _STRIPE)
    leg = Leg(number=claim.leg, amount=receipt.amount, stripe_transfer_id=receipt.id, transferred_at=now)
    if not transfer.legs:
        count_transfer(txn, transfer.provider_id)
    paid = {
        "status": TransferStatus.TRANSFERRED,
        "claim": None,
        "legs": (*transfer.legs, leg),
        "refusals": 0,
        "refusal": None,
    }
    save_transfer(txn, stored, transfer.model_copy(update=paid))
    post(
        txn,
        transfer_entry(transfer.booking_id, transfer.provider_id, claim.leg, receipt.amount, receipt.id),
        now,
    )
    txn.publish(about(TransferPaid, transfer, amount=receipt.amount))
    txn.commit()


def _refuse(stored: TransferItem, reason: TransferRefusal, caller: Principal, now: datetime) -> Released:
    transfer, txn = stored.document, Transaction(caller, now)
    TRANSFER.step(transfer.status, TransferAction.REFUSE, _STRIPE)
    refusals = transfer.refusals + 1
    again_at = retry_at(refusals, now)
    refused = {
        "status": TransferStatus.DUE,
        "claim": None,
        "refusals": refusals,
        "refusal": reason,
        "delay": Delay.REFUSED,
        "next_look_at": again_at,
    }
    save_transfer(txn, stored, transfer.model_copy(update=refused))
    txn.due(LOOK, transfer.booking_id, again_at)
    txn.publish(about(TransferRefusedByStripe, transfer, reason=reason, retry_at=again_at))
    txn.commit()
    return Released.STUCK if refusals >= STUCK_AFTER_REFUSALS else Released.WAITS
