"""Money that was paid to a provider is taken back, for a refund: from the reserve, from Stripe, or as a debt."""

from datetime import datetime

from callsheet.gateways.asking import was_asked_before
from callsheet.gateways.transfers import ReversalRefused, TransferReceipt
from callsheet.kernel.errors import Conflict
from callsheet.kernel.money import Money, total, zero
from callsheet.kernel.principal import Principal
from callsheet.ledger.list_entries import list_entries
from callsheet.ledger.model import Entry
from callsheet.ledger.post import post, post_all
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.events import TransferReversed, about
from callsheet.transfers.model import Reversal, ReversalPart, Transfer, TransferStatus
from callsheet.transfers.payable import payable_of, reversals_for
from callsheet.transfers.paying_deps import Paying
from callsheet.transfers.postings import debt_entry, reserve_release_entry, reversal_entry
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.rules import TRANSFER, TransferAction
from callsheet.transfers.store import TransferItem, add_debt, save_transfer

_RETRY_AFTER_SECONDS = 2
_STRIPE = "stripe"


class TransferUnderWay(Conflict):
    code, title = "transfer_under_way", "The provider is being paid at this moment; try again shortly"


def take_back(booking_id: str, amount: Money, cause: str, caller: Principal, deps: Paying) -> TransferItem:
    """Have the ledger owe the provider at least `amount` for the booking again; the transfer as it then is.

    First what is kept as a reserve, then what lies on their account at Stripe, the latest leg first; what cannot be had
    is their debt from now on, and netted later. Once for a `cause` (a refund's id): whoever comes after a crash goes on
    with the same parts. Raises TransferUnderWay while Stripe is asked for a transfer, PaymentsUnavailable where an
    outcome is not known.
    """
    stored = decided_anew(lambda: _claim(booking_id, amount, cause, caller, deps.clock.now()))
    while (reversal := stored.document.reversal) is not None and reversal.parts:
        _reverse(stored, reversal, reversal.parts[0], caller, deps)
    return stored


def _claim(booking_id: str, amount: Money, cause: str, caller: Principal, now: datetime) -> TransferItem:
    stored = load_transfer(booking_id)
    transfer = stored.document
    if cause in transfer.taken_back or (transfer.reversal and transfer.reversal.cause == cause):
        return stored
    if transfer.status is TransferStatus.PAYING or transfer.reversal is not None:
        raise TransferUnderWay(retry_after_seconds=_RETRY_AFTER_SECONDS)
    owed = payable_of(list_entries(booking_id).items, transfer.provider_id, transfer.currency)
    missing = amount - owed
    if missing.amount_minor > 0:
        _keep(stored, missing, cause, caller, now)
    return stored


def _keep(stored: TransferItem, missing: Money, cause: str, caller: Principal, now: datetime) -> None:
    """What moves within our books moves at once; what Stripe is to be asked for is written down."""
    transfer, txn = stored.document, Transaction(caller, now)
    nothing = zero(transfer.currency)
    of_reserve = min(transfer.reserved or nothing, missing)
    parts = tuple(
        ReversalPart(leg=leg, amount=part) for leg, part in reversals_for(transfer, missing - of_reserve)
    )
    lost = missing - of_reserve - total([part.amount for part in parts], transfer.currency)
    entries: list[Entry] = []
    if not of_reserve.is_zero:
        entries.append(reserve_release_entry(transfer.booking_id, transfer.provider_id, cause, of_reserve))
    if not lost.is_zero:
        entries.append(debt_entry(transfer.booking_id, transfer.provider_id, cause, lost))
        add_debt(txn, transfer.provider_id, lost)
    if entries:
        post_all(txn, entries, now)
    left = (transfer.reserved or nothing) - of_reserve
    reversal = Reversal(cause=cause, parts=parts, since=now)
    changed = transfer.model_copy(update={"reversal": reversal, "reserved": None if left.is_zero else left})
    save_transfer(txn, stored, _finished(changed))
    txn.commit()


def _reverse(
    stored: TransferItem, reversal: Reversal, part: ReversalPart, caller: Principal, deps: Paying
) -> None:
    (leg,) = [one for one in stored.document.legs if one.number == part.leg]
    key, made = f"{reversal.cause}/{leg.number}", None
    if was_asked_before(reversal.since, deps.clock.now()):
        made = deps.transfers.find_reversal(leg.stripe_transfer_id, key)
    try:
        receipt = made or deps.transfers.reverse(leg.stripe_transfer_id, part.amount, key)
    except ReversalRefused:
        _record(stored, reversal, part, None, caller, deps.clock.now())
    else:
        _record(stored, reversal, part, receipt, caller, deps.clock.now())


def _record(  # noqa: PLR0917 - what was asked, of what, and what came of it
    stored: TransferItem,
    reversal: Reversal,
    part: ReversalPart,
    receipt: TransferReceipt | None,
    caller: Principal,
    now: datetime,
) -> None:
    transfer, txn = stored.document, Transaction(caller, now)
    cause = f"{reversal.cause}/{part.leg}"
    changed: dict[str, object] = {"reversal": reversal.model_copy(update={"parts": reversal.parts[1:]})}
    if receipt is None:
        post(txn, debt_entry(transfer.booking_id, transfer.provider_id, cause, part.amount), now)
        add_debt(txn, transfer.provider_id, part.amount)
    else:
        changed["legs"] = tuple(
            leg.model_copy(update={"reversed_minor": leg.reversed_minor + part.amount.amount_minor})
            if leg.number == part.leg
            else leg
            for leg in transfer.legs
        )
        entry = reversal_entry(transfer.booking_id, transfer.provider_id, cause, part.amount, receipt.id)
        post(txn, entry, now)
        txn.publish(about(TransferReversed, transfer, amount=part.amount))
    if transfer.status is TransferStatus.TRANSFERRED:
        TRANSFER.step(transfer.status, TransferAction.REVERSE, _STRIPE)
    save_transfer(txn, stored, _finished(transfer.model_copy(update=changed)))
    txn.commit()


def _finished(transfer: Transfer) -> Transfer:
    """Where no part is left, the cause is noted as done."""
    reversal = transfer.reversal
    if reversal is None:
        raise Stale
    if reversal.parts:
        return transfer
    done = (*transfer.taken_back, reversal.cause)
    return transfer.model_copy(update={"reversal": None, "taken_back": done})
