"""What must hold of money after every step: in the ledger, in what is stored beside it, and at Stripe.

`check_money` always holds. Where nothing is in flight, both sides say the same to the cent (`check_agreement`).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from callsheet.bookings.model import Booking
from callsheet.bookings.rules import BookingStatus
from callsheet.kernel.money import zero
from callsheet.ledger.accounts import CASH_OUTS, FEES_DEFERRED, REFUNDS_FAILED, STRIPE_CASH, kind_of
from callsheet.ledger.model import AccountKind, JournalEntry
from callsheet.ledger.rules import Account
from callsheet.ledger.store import EntryItem
from callsheet.payments.disputes import Dispute, DisputeItem
from callsheet.payments.model import Payment
from callsheet.platform.records import EventItem
from callsheet.transfers.model import Transfer, TransferStatus
from callsheet.transfers.payout_store import OrderItem, PayoutItem, UnderWayItem
from callsheet.transfers.store import DebtItem, TransferItem
from callsheet.wallet.cash_out_store import CashOutItem
from callsheet.wallet.cash_outs import CashOutStatus
from local.stripe_sim.shapes import Obj, inner_of, whole_of
from tests.support.at_stripe import StripeStage
from tests.support.truths import (
    all_bookings,
    all_payments,
    balances,
    check_always,
    check_at_rest,
    everything,
    sum_of,
)
from tests.support.wallets import check_wallets, held_minor

type Sums = Mapping[str, int]  # minor units by account, positive where debits prevail

_OVER = frozenset({BookingStatus.CANCELLED, BookingStatus.COMPLETED})
_CAME = frozenset({"charge", "refund", "refund_failure", "adjustment", "topup"})
# What moves at Stripe without us, and what we post once we are told.
_UNASKED, _POSTED = frozenset({"adjustment", "refund_failure"}), ("dispute_", "refund_failed:")
_PAID = frozenset({TransferStatus.TRANSFERRED, TransferStatus.SETTLED})


def check_money(stage: StripeStage) -> None:
    """Holds after every step, whatever is in flight or was not heard of yet."""
    check_always(stage)
    entries = [item.document for item in everything(EntryItem, "ENTRY#")]
    payments, transfers = all_payments(), all_transfers()
    _entries_are_the_balances(entries)
    for subject, sums in by_subject(entries).items():
        if subject in payments:
            _nothing_is_overdrawn(subject, sums)
    for payment in payments.values():
        _no_more_goes_back_than_came(stage, payment)
    _debts_are_the_ledger(stage)
    check_wallets()
    _what_is_set_aside_waits_for_the_bank()
    if not is_anything_in_flight(payments, transfers):
        check_agreement(stage, entries)


def check_money_at_rest(stage: StripeStage) -> None:
    """All of it, and nothing waits without a reason; whoever calls has lifted what could be one."""
    check_money(stage)
    check_at_rest(stage)
    bookings, payments, transfers = all_bookings(), all_payments(), all_transfers()
    assert not is_anything_in_flight(payments, transfers)
    assert held_minor() == 0, "credit is kept for what is over"
    assert _unheard_minor(stage, [item.document for item in everything(EntryItem, "ENTRY#")]) == 0
    _payouts_are_what_stripe_says(stage)
    by_booking = by_subject([item.document for item in everything(EntryItem, "ENTRY#")])
    for payment in payments.values():
        _every_failure_is_heard_of(stage, payment)
        _no_credit_beside_a_loss_is_more_than_was_paid(payment)
    assert not sum_of(REFUNDS_FAILED), "what a bank has sent back is nobody's"
    for transfer in transfers.values():
        booking = bookings[transfer.booking_id]
        if booking.status not in _OVER:
            assert transfer.status is TransferStatus.WAITING, transfer
            continue
        assert payments[booking.id].set_aside is None, "what was promised to the client waits for ever"
        assert not transfer.holds, transfer
        assert transfer.status in _PAID, transfer
        assert transfer.reserved is None, transfer
        left = by_booking[booking.id]
        owed = [name for name, minor in left.items() if minor and name.endswith(":payable")]
        assert not owed, f"money of {booking.id} is owed, and nobody pays it"
        assert left.get(FEES_DEFERRED, 0) == 0, f"fees of {booking.id} are never earned"


def _payouts_are_what_stripe_says(stage: StripeStage) -> None:
    """No order is open, none was carried out twice, and its fee stands in the books once the money was there."""
    there = stage.world.of(stage.account_id).kept("payout")
    orders = {item.document.id: item.document for item in everything(OrderItem, "INSTANT#")}
    known = {item.document.stripe_payout_id: item.document for item in everything(PayoutItem, "PAYOUT#")}
    under_way = [item for item in everything(UnderWayItem, "INSTANT") if item.sk == "INSTANT"]
    assert not under_way, "an instant payout is under way for ever"
    assert not [order for order in orders.values() if order.is_open]
    made = Counter(key for one in there.values() if (key := inner_of(one, "metadata").get("payout_key")))
    assert made == Counter(order.id for order in orders.values() if order.stripe_payout_id is not None)
    for payout_id, payout in known.items():
        assert payout.amount.amount_minor == whole_of(there[payout_id], "amount")
        is_sent_back_late = (payout.status, there[payout_id]["status"]) == ("paid", "failed")
        assert payout.status == there[payout_id]["status"] or is_sent_back_late, payout
    fees = {item.document.cause: item.document for item in everything(EntryItem, "ENTRY#")}
    charged = {cause for cause in fees if cause.startswith("instant_fee:")}
    due = {
        f"instant_fee:{one.stripe_payout_id}" for one in known.values() if one.fee and one.status == "paid"
    }
    assert due <= charged, "a payout arrived, and its fee was forgotten"
    assert len(charged) <= len([one for one in known.values() if one.fee])


def check_agreement(stage: StripeStage, entries: list[JournalEntry]) -> None:
    """Cash is Stripe's to the cent, each provider's money is where their prices say, and the whole adds up."""
    unheard = _unheard_minor(stage, entries)
    assert sum_of(STRIPE_CASH) == stage.cash_minor() - unheard, "our cash is not Stripe's"
    bookings, payments, sums = all_bookings(), all_payments(), by_subject(entries)
    for booking_id, transfer in all_transfers().items():
        _provider_has_their_part(
            stage, bookings[booking_id], payments[booking_id], sums[booking_id], transfer
        )
    _whole_is_its_parts(stage, unheard)


def is_anything_in_flight(payments: Mapping[str, Payment], transfers: Mapping[str, Transfer]) -> bool:
    """Stripe is asked for something, or about to be: until it is recorded, both sides may differ."""
    is_moving = any(one.claim is not None or one.reversal is not None for one in transfers.values())
    return is_moving or any(payment.in_flight is not None for payment in payments.values())


def all_transfers() -> dict[str, Transfer]:
    return {item.pk: item.document for item in everything(TransferItem, "TRANSFER")}


def all_disputes() -> dict[str, Dispute]:
    """By Stripe's ids, those that were heard of."""
    return {item.document.id: item.document for item in everything(DisputeItem, "DISPUTE#")}


def by_subject(entries: list[JournalEntry]) -> dict[str, Counter[str]]:
    """What each booking's entries have moved, by account."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        for posting in entry.postings:
            sums[entry.subject][posting.account] += posting.amount.amount_minor
    return sums


def _entries_are_the_balances(entries: list[JournalEntry]) -> None:
    sums: Counter[Account] = Counter()
    for entry in entries:
        of_entry: Counter[str] = Counter()
        for posting in entry.postings:
            of_entry[posting.amount.currency] += posting.amount.amount_minor
            sums[Account(posting.account, posting.amount.currency)] += posting.amount.amount_minor
        assert not any(of_entry.values()), f"{entry.cause} does not balance"
    kept = {account: minor for account, minor in balances().items() if minor}
    assert kept == {account: minor for account, minor in sums.items() if minor}


def _nothing_is_overdrawn(subject: str, sums: Sums) -> None:
    """Of each booking: nobody is owed less than nothing, no fee or tax is given back that was not taken.

    All but cash, which pays Stripe's fees before anything else comes, and what providers owe and clients have as
    credit: it arises with one booking and is netted with, or spent on, another.
    """
    for account, minor in sums.items():
        if account == STRIPE_CASH or account.endswith(":receivable") or account.startswith("wallet:"):
            continue
        is_debit = kind_of(account) in {AccountKind.ASSET, AccountKind.EXPENSE}
        assert minor >= 0 if is_debit else minor <= 0, f"{account} of {subject} stands at {minor}"


def _no_more_goes_back_than_came(stage: StripeStage, payment: Payment) -> None:
    nothing = zero(payment.amount.currency)
    returned = payment.returned.total if payment.returned else nothing
    assert returned.amount_minor <= payment.amount.amount_minor, payment
    recorded = sum(refund.split.total.amount_minor for refund in payment.refunds)
    assert recorded == (payment.refunded or nothing).amount_minor, payment
    credited = sum(refund.to_wallet.amount_minor for refund in payment.refunds if refund.to_wallet)
    assert credited <= (payment.wallet or nothing).amount_minor or payment.losses, payment
    charge = stage.world.kept("charge").get(payment.charge_id or "")
    if charge is not None and charge["captured"]:
        failed = sum(whole_of(one, "amount") for one in _failed_refunds(stage, payment))
        gone = recorded - credited - failed
        assert gone <= whole_of(charge, "amount_refunded") <= whole_of(charge, "amount_captured")


def _failed_refunds(stage: StripeStage, payment: Payment) -> list[Obj]:
    """At Stripe, of those that we have recorded; none of them is credit unless it failed, and for the same reason."""
    there = stage.world.kept("refund")
    for made in payment.refunds:
        if made.failed_at is not None:
            assert made.failure == there[made.stripe_refund_id or ""]["failure_reason"], made
    ours = [there[made.stripe_refund_id] for made in payment.refunds if made.stripe_refund_id]
    return [one for one in ours if one["status"] == "failed"]


def _every_failure_is_heard_of(stage: StripeStage, payment: Payment) -> None:
    known = {made.stripe_refund_id for made in payment.refunds if made.failed_at is not None}
    assert known == {one["id"] for one in _failed_refunds(stage, payment)}, payment


def _no_credit_beside_a_loss_is_more_than_was_paid(payment: Payment) -> None:
    """What banks and we have given, up to each credit that a lost dispute kept from the card. Later the bank may take
    what it likes.
    """
    told = [item.document for item in EventItem.query(payment.subject)]
    refunds = {refund.id: refund for refund in payment.refunds}
    taken = {loss.dispute_id: loss.taken.amount_minor for loss in payment.losses}
    whole, is_lost = 0, False
    for event in told:
        if event.name == "dispute.lost":
            whole, is_lost = whole + taken[str(event.payload["dispute_id"])], True
        elif event.name == "payment.refunded":
            refund = refunds[str(event.payload["refund_id"])]
            whole += refund.split.total.amount_minor
            assert not is_lost or refund.split.total.is_zero or whole <= payment.amount.amount_minor, payment


def _debts_are_the_ledger(stage: StripeStage) -> None:
    owed = {item.pk: item.owed for item in everything(DebtItem, "DEBT#")}.get(stage.pavel.user.id, 0)
    assert owed == sum_of(f"provider:{stage.pavel.user.id}:receivable") >= 0


def _what_is_set_aside_waits_for_the_bank() -> None:
    found = [item.document for item in everything(CashOutItem, "CASHOUT#")]
    waiting = [one.amount.amount_minor for one in found if one.status is CashOutStatus.APPROVED]
    assert -sum_of(CASH_OUTS) == sum(waiting)


def _provider_has_their_part(
    stage: StripeStage, booking: Booking, payment: Payment, sums: Sums, transfer: Transfer
) -> None:
    """At Stripe, in a reserve, payable, or taken for a debt: together what was agreed less what has gone back."""
    there = _transferred_minor(stage, booking.id)
    assert there == transfer.transferred.amount_minor, (
        booking.id,
        "Stripe has moved other money than we know of",
    )
    here = -sum(minor for account, minor in sums.items() if account.startswith(("provider:", "reserve:")))
    gone = payment.returned.payable.amount_minor if payment.returned else 0
    assert there + here == booking.price.provider_net.amount_minor - gone, booking.id
    reserved = transfer.reserved.amount_minor if transfer.reserved else 0
    assert reserved == -sums.get(f"reserve:{booking.provider_id}", 0), transfer


def _whole_is_its_parts(stage: StripeStage, unheard: int) -> None:
    """What clients paid for good = what providers have + what the platform has + taxes + what Stripe took."""
    moved = stage.world.kept("balance_transaction").values()
    paid = sum(whole_of(one, "amount") for one in moved if one["type"] in _CAME)
    took = sum(whole_of(one, "fee") for one in moved)
    providers = sum(
        whole_of(one, "amount") for one in moved if one["type"] in {"transfer", "transfer_refund"}
    )
    books = -sum(minor for account, minor in balances().items() if account.name != STRIPE_CASH)
    assert paid - unheard == -providers + took + books


def _unheard_minor(stage: StripeStage, entries: list[JournalEntry]) -> int:
    """What disputes and failing refunds have moved at Stripe and nobody has told us yet; fees with it."""
    there = sum(
        whole_of(one, "net")
        for one in stage.world.kept("balance_transaction").values()
        if one["type"] in _UNASKED
    )
    here = sum(
        posting.amount.amount_minor
        for entry in entries
        if entry.cause.startswith(_POSTED)
        for posting in entry.postings
        if posting.account == STRIPE_CASH
    )
    return there - here


def _transferred_minor(stage: StripeStage, booking_id: str) -> int:
    made: list[Obj] = [
        one for one in stage.world.kept("transfer").values() if one["transfer_group"] == booking_id
    ]
    return sum(whole_of(one, "amount") - whole_of(one, "amount_reversed") for one in made)
