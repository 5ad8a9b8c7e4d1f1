"""A payment as it is stored: one intent at Stripe, and what we are about to ask for it."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel

from callsheet.gateways.declines import DeclineReason, RefundFailure
from callsheet.kernel.models import FROZEN
from callsheet.kernel.money import Money, total, zero
from callsheet.payments.shares import RefundSplit


class PaymentStatus(StrEnum):
    REQUIRES_PAYMENT = "requires_payment"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    VOIDED = "voided"
    FAILED = "failed"


class Ask(StrEnum):
    """What Stripe is asked for."""

    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


class InFlight(BaseModel):
    """What we are about to ask of Stripe, written down before we do; gone once the outcome is recorded.

    It is also the claim of the party that came first: while a capture is in flight nobody may void, and the other
    way round. `refund_id` (`rfd_…`), `amount` and `split` belong to a refund; `to_wallet` is what of it the card has
    not paid; `is_goodwill` where support gives it, rather than a cancellation's policy.
    """

    model_config = FROZEN

    ask: Ask
    since: AwareDatetime
    refund_id: str | None = None
    amount: Money | None = None
    split: RefundSplit | None = None
    to_wallet: Money | None = None
    is_goodwill: bool = False

    @property
    def to_card(self) -> Money | None:
        """What of a refund Stripe is asked for; nothing of it where all of it is credit again."""
        return self.amount - self.to_wallet if self.amount and self.to_wallet else self.amount


class MadeRefund(BaseModel):
    """A refund that has left: ours and Stripe's id of it (none where all went into the wallet), and who gave what.

    One that failed did not reach the client's card: what was to go there is credit of theirs since (ADR 0165). Who gave
    what stays as it was.
    """

    model_config = FROZEN

    id: str
    stripe_refund_id: str | None
    split: RefundSplit
    made_at: AwareDatetime
    to_wallet: Money | None = None
    failed_at: AwareDatetime | None = None
    failure: RefundFailure | None = None

    @property
    def to_card(self) -> Money:
        """What Stripe was asked for."""
        return self.split.total - self.to_wallet if self.to_wallet else self.split.total


class Loss(BaseModel):
    """What a lost dispute has taken for good, and from whom; `excess` is what the platform bears of it alone, because
    no part of the payment was left for it.
    """

    model_config = FROZEN

    dispute_id: str
    split: RefundSplit
    lost_at: AwareDatetime
    excess: Money | None = None

    @property
    def taken(self) -> Money:
        """What the cardholder has of it."""
        return self.split.total + self.excess if self.excess else self.split.total


class Payment(BaseModel):
    """The payment of one subject (a booking). `amount` is all that the client pays, `wallet` what of it their credit
    does; the intent is of the rest, which the card pays.

    `payment_method` is what was asked for, `paid_with` what Stripe has kept of it for later payments.
    `open_disputes` are Stripe's ids of those that keep money; `set_aside` is a refund that one of them overtook: it is
    asked for again where none is lost, and what a lost one has not covered of it is credit (ADR 0180).
    """

    model_config = FROZEN

    id: str
    subject: str
    client_id: str
    amount: Money
    wallet: Money | None = None
    status: PaymentStatus = PaymentStatus.REQUIRES_PAYMENT
    in_flight: InFlight | None = None
    payment_method: str | None = None
    paid_with: str | None = None
    customer_id: str | None = None
    description: str
    intent_id: str | None = None
    client_secret: str | None = None
    requires_action: bool = False
    decline_reason: DeclineReason | None = None
    authorized_at: AwareDatetime | None = None
    capture_before: AwareDatetime | None = None
    captured_at: AwareDatetime | None = None
    charge_id: str | None = None
    fee: Money | None = None
    refunded: Money | None = None
    refunds: tuple[MadeRefund, ...] = ()
    open_disputes: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    set_aside: InFlight | None = None

    @property
    def returned(self) -> RefundSplit | None:
        """All that has gone back so far, part by part, as refunds or by disputes that were lost."""
        together: RefundSplit | None = None
        for split in [*(refund.split for refund in self.refunds), *(loss.split for loss in self.losses)]:
            together = together.plus(split) if together else split
        return together

    @property
    def given_back(self) -> Money:
        """What has gone back as refunds, what is about to, and what a dispute has overtaken."""
        asked = [one.amount for one in (self.in_flight, self.set_aside) if one and one.amount]
        return total([self.refunded, *asked] if self.refunded else asked, self.amount.currency)

    @property
    def card(self) -> Money:
        """What the card pays."""
        return self.amount - self.wallet if self.wallet else self.amount

    @property
    def left_on_card(self) -> Money:
        """What the card has paid, and neither a refund nor a lost dispute has given back; of a refund that failed, the
        client has had it as credit.
        """
        nothing = zero(self.amount.currency)
        refunded = [refund.to_card for refund in self.refunds]
        lost = [loss.split.total for loss in self.losses]
        return max(self.card - total([*refunded, *lost], self.amount.currency), nothing)

    @property
    def lost(self) -> Money:
        """What cardholders have got by disputes that were lost."""
        return total([loss.taken for loss in self.losses], self.amount.currency)

    @property
    def credited(self) -> Money | None:
        """What of all refunds their bank could not credit, and is credit of the client's; None where nothing is."""
        failed = [refund.to_card for refund in self.refunds if refund.failed_at is not None]
        return total(failed, self.amount.currency) if failed else None
