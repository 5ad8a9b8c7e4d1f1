"""What a dispute posts to the ledger, and who bears one that is lost: pure (product.md, "Money").

Every entry mirrors what Stripe books under the dispute's id, so that the daily close finds both sides by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from callsheet.bookings.cancellation import refund_everything
from callsheet.bookings.price import PriceSnapshot
from callsheet.gateways.disputes import DisputeMove
from callsheet.kernel.money import Money, total, zero
from callsheet.ledger.accounts import (
    CHARGEBACKS,
    DISPUTED,
    FEE_TAX,
    FEES_DEFERRED,
    FEES_REVENUE,
    SERVICE_TAX,
    STRIPE_CASH,
    provider_receivable,
)
from callsheet.ledger.model import Entry, JournalEntry
from callsheet.payments.shares import RefundSplit, share_out, split_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Borne:
    """Who bears a loss: the payment's parts, and the platform what is more than was left of them.

    `still_promised` is what the loss has left of a refund that had been promised; None where nothing is.
    """

    split: RefundSplit
    excess: Money
    still_promised: RefundSplit | None = None


def opened_entries(booking_id: str, dispute_id: str, taken: DisputeMove) -> Iterator[Entry]:
    """The bank has taken the money until it decides, and Stripe a fee for good."""
    cash = (STRIPE_CASH, -taken.amount)
    opened = (DISPUTED, taken.amount)
    yield Entry.of(booking_id, f"dispute_opened:{dispute_id}", opened, cash, reference=dispute_id)
    if not taken.fee.is_zero:
        paid = (STRIPE_CASH, -taken.fee)
        fee = (CHARGEBACKS, taken.fee)
        yield Entry.of(booking_id, f"dispute_fee:{dispute_id}", fee, paid, reference=dispute_id)


def won_entry(booking_id: str, dispute_id: str, withdrawn: Money, back: DisputeMove) -> Entry:
    """The money has come back, and of the fee what Stripe gives back of it."""
    came = back.amount + back.fee
    return Entry.of(
        booking_id,
        f"dispute_won:{dispute_id}",
        (STRIPE_CASH, came),
        (DISPUTED, -withdrawn),
        (CHARGEBACKS, withdrawn - came),
        reference=dispute_id,
    )


def lost_entry(subject: tuple[str, str], dispute_id: str, borne: Borne, deferred: Money) -> Entry:
    """The money is gone. `subject` is the booking and its provider; `deferred` what of its fees is not earned yet."""
    booking_id, provider_id = subject
    split = borne.split
    fees = split.provider_fee + split.client_fee
    unearned = min(fees, deferred)
    return Entry.of(
        booking_id,
        f"dispute_lost:{dispute_id}",
        (provider_receivable(provider_id), split.payable),
        (FEES_DEFERRED, unearned),
        (FEES_REVENUE, fees - unearned),
        (SERVICE_TAX, split.service_tax),
        (FEE_TAX, split.fee_tax),
        (CHARGEBACKS, borne.excess),
        (DISPUTED, -(split.total + borne.excess)),
        reference=dispute_id,
    )


def borne_by(
    price: PriceSnapshot,
    returned: RefundSplit | None,
    promised: RefundSplit | None,
    amount: Money,
    left_on_card: Money | None = None,
) -> Borne:
    """Who bears a loss of `amount`: everybody pro rata of what is left of the payment.

    A refund that was `promised` and has not left goes before: the client has that money now, be it that some of it was
    to be credit. What was paid with credit no bank can take else: a loss of more than is left of what the card paid is
    the platform's.
    """
    left = refund_everything(price).less(returned)
    of_card = amount if left_on_card is None else min(amount, left_on_card)
    wanted = promised.parts if promised else (zero(amount.currency),) * len(left.parts)
    first = [min(part, room) for part, room in zip(wanted, left.parts, strict=True)]
    owed = min(amount, total(first, amount.currency))
    early = split_of(share_out(owed, first))
    rest = left.less(early)
    shared = min(max(of_card - owed, zero(amount.currency)), rest.total)
    split = early.plus(split_of(share_out(shared, rest.parts)))
    still = _still_promised(promised, split_of(first).less(early), amount) if promised else None
    return Borne(split=split, excess=amount - split.total, still_promised=still)


def _still_promised(promised: RefundSplit, room: RefundSplit, taken: Money) -> RefundSplit | None:
    """What of a promise `taken` has not covered, out of what is left of its parts, and of the platform's goodwill.

    Where the parts were to give in place of the platform what it had given in theirs, they still do.
    """
    nothing = zero(taken.currency)
    given = max(promised.given, -room.total)
    rest = split_of(room.parts, given).capped(max(promised.total - taken, nothing))
    return None if rest.is_nothing else rest


def deferred_of(entries: tuple[JournalEntry, ...], currency: str) -> Money:
    """What of a booking's fees is not earned yet."""
    lines = (posting for entry in entries for posting in entry.postings if posting.account == FEES_DEFERRED)
    return total([-line.amount for line in lines if line.amount.currency == currency], currency)
