"""What a booking's money posts to the ledger, as pure functions of its snapshots (product.md, "Money")."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callsheet.bookings.model import Booking
from callsheet.bookings.price import PriceSnapshot
from callsheet.kernel.money import Money, total, zero
from callsheet.ledger.accounts import (
    FEE_TAX,
    FEES_DEFERRED,
    FEES_REVENUE,
    GOODWILL,
    PROCESSING,
    REFUNDS_FAILED,
    SERVICE_TAX,
    STRIPE_CASH,
    WALLET_HELD,
    provider_payable,
    wallet,
)
from callsheet.ledger.model import Entry
from callsheet.payments.shares import RefundSplit, parted, share_out

CAPTURE, CAPTURE_WALLET = "capture", "capture_wallet"
COMPLETION, KEPT_FEES = "completion", "kept_fees"


def capture_entries(
    booking_id: str,
    provider_id: str,
    price: PriceSnapshot,
    charge_id: str | None,
    of_wallet: Money | None = None,
) -> Iterator[Entry]:
    """The client's money has come in: what of it is owed to the provider, deferred, or the state's.

    What their credit pays is an entry of its own: of each part its share, so that both together are the price.
    """
    parts = (price.provider_net, price.provider_fee + price.client_fee, price.service_tax, price.fee_tax)
    accounts = (provider_payable(provider_id), FEES_DEFERRED, SERVICE_TAX, FEE_TAX)
    held = share_out(of_wallet or zero(price.total.currency), parts)
    came = [part - share for part, share in zip(parts, held, strict=True)]
    cash = (STRIPE_CASH, total(came, price.total.currency))
    yield Entry.of(booking_id, CAPTURE, cash, *_credited(accounts, came), reference=charge_id)
    if of_wallet is not None:
        yield Entry.of(booking_id, CAPTURE_WALLET, (WALLET_HELD, of_wallet), *_credited(accounts, held))


def _credited(accounts: Sequence[str], amounts: Sequence[Money]) -> Iterator[tuple[str, Money]]:
    return ((account, -amount) for account, amount in zip(accounts, amounts, strict=True))


def processing_entry(booking_id: str, fee: Money, charge_id: str | None) -> Entry:
    """What Stripe took of the charge."""
    return Entry.of(booking_id, "processing", (PROCESSING, fee), (STRIPE_CASH, -fee), reference=charge_id)


def completion_entry(booking_id: str, price: PriceSnapshot, returned: RefundSplit | None) -> Entry | None:
    """The work is accepted: both fees are earned, as far as they have not gone back; None where nothing is left."""
    return _earned(booking_id, COMPLETION, price, returned)


def kept_fees_entry(booking_id: str, price: PriceSnapshot, returned: RefundSplit | None) -> Entry | None:
    """What of the fees stays after a cancellation is earned at once; None where nothing stays."""
    return _earned(booking_id, KEPT_FEES, price, returned)


def _earned(booking_id: str, cause: str, price: PriceSnapshot, returned: RefundSplit | None) -> Entry | None:
    earned = price.provider_fee + price.client_fee
    if returned is not None:
        earned = earned - returned.provider_fee - returned.client_fee
    if earned.is_zero:
        return None
    return Entry.of(booking_id, cause, (FEES_DEFERRED, earned), (FEES_REVENUE, -earned))


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Money that has gone back; `are_fees_earned` says from which account the fees are taken.

    `to_wallet` of it is credit again, and nothing of Stripe's.
    """

    refund_id: str
    split: RefundSplit
    stripe_refund_id: str | None
    are_fees_earned: bool
    to_wallet: Money | None = None


def refund_entries(booking: Booking, refund: Returned) -> Iterator[Entry]:
    """Money goes back: from whom it was to go to, or had gone to. Card and wallet are an entry each."""
    to_card, to_wallet = parted(refund.split, refund.to_wallet or zero(refund.split.total.currency))
    if to_card is not None:
        # Where nothing goes to the client, the parts give in place of the platform what it had given in theirs.
        cause = f"{'goodwill_returned' if to_card.total.is_zero else 'refund'}:{refund.refund_id}"
        cash = (STRIPE_CASH, -to_card.total)
        given = _given(booking.provider_id, to_card, are_fees_earned=refund.are_fees_earned)
        yield Entry.of(booking.id, cause, *given, cash, reference=refund.stripe_refund_id)
    if to_wallet is not None:
        cause, credit = f"refund_wallet:{refund.refund_id}", (wallet(booking.client_id), -to_wallet.total)
        given = _given(booking.provider_id, to_wallet, are_fees_earned=refund.are_fees_earned)
        yield Entry.of(booking.id, cause, *given, credit)


def failed_refund_entries(
    booking: Booking, refund_id: str, amount: Money, stripe_refund_id: str | None
) -> Iterator[Entry]:
    """What was to go back to the card is with us again, and the client's credit: an entry each."""
    came, owed = (STRIPE_CASH, amount), (wallet(booking.client_id), -amount)
    cause = f"refund_failed:{refund_id}"
    yield Entry.of(booking.id, cause, came, (REFUNDS_FAILED, -amount), reference=stripe_refund_id)
    yield Entry.of(booking.id, f"refund_credited:{refund_id}", (REFUNDS_FAILED, amount), owed)


def _given(provider_id: str, split: RefundSplit, *, are_fees_earned: bool) -> Iterator[tuple[str, Money]]:
    yield provider_payable(provider_id), split.payable
    yield FEES_REVENUE if are_fees_earned else FEES_DEFERRED, split.provider_fee + split.client_fee
    yield SERVICE_TAX, split.service_tax
    yield FEE_TAX, split.fee_tax
    yield GOODWILL, split.given
