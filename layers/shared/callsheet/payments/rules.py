"""The payment's state machine as data (product.md, "Booking"): what the money of a booking may do."""

from datetime import datetime, timedelta
from enum import StrEnum

from callsheet.kernel.states import StateTable, Transition
from callsheet.payments.model import Ask, InFlight, Payment, PaymentStatus
from callsheet.payments.shares import RefundSplit

# How long a payment may be quiet before its intent is looked at again, webhook or not.
CHECK_AFTER = timedelta(minutes=2)
# What has been in flight for this long wakes somebody.
STUCK_AFTER = timedelta(minutes=30)
# When the disputes of a payment are looked at.
CHECK_DISPUTES = "dispute.check"
# When it is looked whether a refund has reached the client, webhook or not: banks send back for up to thirty days.
CHECK_REFUNDS = "refund.check"
LOOKS_AT_REFUNDS = tuple(timedelta(days=days) for days in (1, 5, 12, 35))


class PaymentAction(StrEnum):
    AUTHORIZE = "authorize"
    FAIL = "fail"
    VOID = "void"
    CAPTURE = "capture"
    REFUND_PART = "refund_part"
    REFUND = "refund"
    DISPUTE = "dispute"
    REINSTATE = "reinstate"
    REINSTATE_PART = "reinstate_part"
    LOSE = "lose"
    CREDIT = "credit"


_R, _A, _C, _P, _F, _D, _V, _X = (
    PaymentStatus.REQUIRES_PAYMENT,
    PaymentStatus.AUTHORIZED,
    PaymentStatus.CAPTURED,
    PaymentStatus.PARTIALLY_REFUNDED,
    PaymentStatus.REFUNDED,
    PaymentStatus.DISPUTED,
    PaymentStatus.VOIDED,
    PaymentStatus.FAILED,
)
_STRIPE = frozenset({"stripe"})
_CHECK = "payment.check"
_PAUSE = ("pause the payout", "post what the bank took")

PAYMENT: StateTable[PaymentStatus, PaymentAction] = StateTable(
    name="payment",
    initial=frozenset({_R}),
    terminal=frozenset({_F, _V, _X}),
    transitions=(
        Transition(
            action=PaymentAction.AUTHORIZE, source=_R, target=_A, who=_STRIPE, deadline=_CHECK,
            condition="the intent can be captured, and its booking still waits for it",
        ),
        Transition(
            action=PaymentAction.FAIL, source=_R, target=_X, who=_STRIPE,
            condition="the card that came with the booking was refused",
            effects=("cancel the intent", "give the client's credit back"),
        ),
        Transition(
            action=PaymentAction.VOID, source=_R, target=_V, who=_STRIPE, condition="the intent is canceled",
            effects=("give the client's credit back",),
        ),
        Transition(
            action=PaymentAction.VOID, source=_A, target=_V, who=_STRIPE, condition="the intent is canceled",
            effects=("give the client's credit back",),
        ),
        Transition(
            action=PaymentAction.CAPTURE, source=_A, target=_C, who=_STRIPE,
            condition="the provider has accepted", effects=("post the capture", "post Stripe's fee"),
        ),
        Transition(
            action=PaymentAction.CAPTURE, source=_R, target=_C, who=_STRIPE,
            condition="somebody captured outside of Callsheet", effects=("post the capture", "refund everything"),
        ),
        Transition(
            action=PaymentAction.REFUND_PART, source=_C, target=_P, who=_STRIPE, effects=("post the refund",),
        ),
        Transition(
            action=PaymentAction.REFUND, source=_C, target=_F, who=_STRIPE, effects=("post the refund",),
        ),
        Transition(
            action=PaymentAction.REFUND_PART, source=_P, target=_P, who=_STRIPE, effects=("post the refund",),
        ),
        Transition(
            action=PaymentAction.REFUND, source=_P, target=_F, who=_STRIPE, effects=("post the refund",),
        ),
        Transition(
            action=PaymentAction.DISPUTE, source=_C, target=_D, who=_STRIPE, deadline=CHECK_DISPUTES, effects=_PAUSE,
        ),
        Transition(
            action=PaymentAction.DISPUTE, source=_P, target=_D, who=_STRIPE, deadline=CHECK_DISPUTES, effects=_PAUSE,
        ),
        Transition(
            action=PaymentAction.REINSTATE, source=_D, target=_C, who=_STRIPE,
            condition="every dispute is won", effects=("post what came back", "let the payout go"),
        ),
        Transition(
            action=PaymentAction.REINSTATE_PART, source=_D, target=_P, who=_STRIPE,
            condition="every dispute is won, and something was refunded before",
            effects=("post what came back", "let the payout go"),
        ),
        Transition(
            action=PaymentAction.LOSE, source=_D, target=_D, who=_STRIPE,
            condition="a dispute is lost: it rests here once none is open", effects=("post who bears it",),
        ),
        Transition(
            action=PaymentAction.CREDIT, source=_D, target=_D, who=_STRIPE,
            condition="no dispute is open and one is lost: what is still to go back cannot go to the card",
            effects=("post the credit",),
        ),
    ),
)  # fmt: skip


def is_claimed_for(payment: Payment, ask: Ask) -> bool:
    """True while `ask` is what we are about to ask of Stripe."""
    return payment.in_flight is not None and payment.in_flight.ask is ask


def is_disputed(payment: Payment) -> bool:
    """True where our own record says that a bank has a word in it, whatever the intent says."""
    return payment.status is PaymentStatus.DISPUTED or bool(payment.open_disputes)


def awaits_bank(payment: Payment) -> bool:
    """True while nobody knows how a dispute ends: where all are closed, and one is lost, nothing is waited for."""
    return payment.status is PaymentStatus.DISPUTED and (bool(payment.open_disputes) or not payment.losses)


def is_owed_credit(payment: Payment) -> bool:
    """True where a refund that a dispute overtook can no longer go to the card, and the client waits for it."""
    is_decided = bool(payment.losses) and not payment.open_disputes
    return is_decided and payment.set_aside is not None and payment.in_flight is None


def needs_watching(payment: Payment) -> bool:
    """True where something is still to come: an outcome of what was asked, or the client's confirmation."""
    return payment.in_flight is not None or payment.status is PaymentStatus.REQUIRES_PAYMENT


def refund_asked(
    payment: Payment, refund_id: str, split: RefundSplit, now: datetime, *, is_goodwill: bool = False
) -> InFlight:
    """A refund as it is about to be asked for: to the card what it has paid, the rest into the wallet (ADR 0152).

    Stripe refunds nothing of a charge of which a bank has taken a part: then all of it goes into the wallet.
    """
    to_card = min(split.total, payment.left_on_card) if payment.wallet else split.total
    asked = InFlight(
        ask=Ask.REFUND,
        since=now,
        refund_id=refund_id,
        amount=split.total,
        split=split,
        to_wallet=split.total - to_card if to_card < split.total else None,
        is_goodwill=is_goodwill,
    )
    return as_credit(asked, now) if payment.losses else asked


def reduced(asked: InFlight | None, left: RefundSplit | None) -> InFlight | None:
    """What is left of a refund of which the client has had the rest at their bank; none where nothing is."""
    if asked is None or left is None:
        return None
    less = {"amount": left.total, "split": left}
    return as_credit(asked.model_copy(update=less), asked.since)


def as_credit(asked: InFlight, now: datetime) -> InFlight:
    """The same refund, all of it into the wallet: Stripe is not asked."""
    is_nothing = asked.amount is None or asked.amount.is_zero
    return asked.model_copy(update={"since": now, "to_wallet": None if is_nothing else asked.amount})


def was_never_asked(payment: Payment) -> bool:
    """True where there is nothing at Stripe to void: nobody has asked for the payment, as of what was only proposed."""
    is_new = payment.status is PaymentStatus.REQUIRES_PAYMENT and payment.intent_id is None
    return is_new and payment.in_flight is None
