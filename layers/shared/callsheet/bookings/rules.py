"""The booking's state machine as data, and the deadlines of its waiting states (product.md, "Booking")."""

from datetime import datetime, timedelta
from enum import StrEnum

from callsheet.kernel.states import StateTable, Transition

HOLD_MINUTES = 30
ACCEPTANCE_HOURS = 48
# A job without a session is a deliverable (numbers.md, "Acceptance window").
DELIVERABLE_ACCEPTANCE_HOURS = 7 * 24
ANSWER_HOURS = 24
# How long a reported problem may lie before somebody is woken, and woken again.
PROBLEM_HOURS = 72


class BookingStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Party(StrEnum):
    """The two sides of a booking."""

    CLIENT = "client"
    PROVIDER = "provider"


class CancelReason(StrEnum):
    """Why a booking is cancelled."""

    CLIENT = "client"
    PROVIDER = "provider"
    DECLINED = "declined"
    EXPIRED = "expired"
    PAYMENT_FAILED = "payment_failed"
    ADMIN = "admin"


class BookingAction(StrEnum):
    AUTHORIZE = "authorize"
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"
    FAIL_PAYMENT = "fail_payment"
    START = "start"
    END = "end"
    REPORT_PROBLEM = "report_problem"
    AMEND = "amend"
    COMPLETE = "complete"
    LAPSE = "lapse"


_P, _A, _D, _C = (
    BookingStatus.PENDING,
    BookingStatus.ACCEPTED,
    BookingStatus.COMPLETED,
    BookingStatus.CANCELLED,
)
_CLIENT, _PROVIDER, _ADMIN = frozenset({"client"}), frozenset({"provider"}), frozenset({"admin"})
_SYSTEM, _STRIPE = frozenset({"system"}), frozenset({"stripe", "system"})
_VOIDED = ("void the authorisation", "free the slots")

BOOKING: StateTable[BookingStatus, BookingAction] = StateTable(
    name="booking",
    initial=frozenset({_P}),
    terminal=frozenset({_D, _C}),
    transitions=(
        Transition(
            action=BookingAction.AUTHORIZE, source=_P, target=_P, who=_STRIPE, deadline="booking.answer",
            condition="the payment is authorized for the first time",
        ),
        Transition(
            action=BookingAction.ACCEPT, source=_P, target=_A, who=_PROVIDER, deadline="booking.start",
            condition="the payment is authorized, nothing else was decided of it, and the provider can be paid",
            effects=("capture the payment", "post the capture"),
        ),
        Transition(action=BookingAction.DECLINE, source=_P, target=_C, who=_PROVIDER, effects=_VOIDED),
        Transition(
            action=BookingAction.CANCEL, source=_P, target=_C, who=_CLIENT | _ADMIN, effects=_VOIDED,
            condition="no capture is under way",
        ),
        Transition(
            action=BookingAction.EXPIRE, source=_P, target=_C, who=_SYSTEM, effects=_VOIDED,
            condition="its deadline has passed and no capture is under way",
        ),
        Transition(action=BookingAction.FAIL_PAYMENT, source=_P, target=_C, who=_STRIPE, effects=_VOIDED),
        Transition(
            action=BookingAction.START, source=_A, target=_A, who=_SYSTEM, deadline="booking.end",
            condition="its start has come",
        ),
        Transition(
            action=BookingAction.END, source=_A, target=_A, who=_SYSTEM, deadline="booking.acceptance",
            condition="its end has come",
        ),
        Transition(
            action=BookingAction.REPORT_PROBLEM, source=_A, target=_A, who=_CLIENT, deadline="booking.problem",
            condition="the session has started and the acceptance window is open",
            effects=("pause the payout",),
        ),
        Transition(
            action=BookingAction.AMEND, source=_A, target=_A, who=_CLIENT | _PROVIDER,
            condition="no problem is open, and the limits of amendments leave room",
            effects=("propose an amendment, or consent to one",),
        ),
        Transition(
            action=BookingAction.COMPLETE, source=_A, target=_D, who=_CLIENT | _ADMIN,
            condition="the session has ended", effects=("earn the fees", "owe the provider"),
        ),
        Transition(
            action=BookingAction.LAPSE, source=_A, target=_D, who=_SYSTEM,
            condition="the acceptance window has passed and no problem is open",
            effects=("earn the fees", "owe the provider"),
        ),
        Transition(
            action=BookingAction.CANCEL, source=_A, target=_C, who=_CLIENT | _PROVIDER | _ADMIN,
            condition="the session has not ended; an admin may at any time",
            effects=("refund by the policy", "earn the fees that stay", "free the slots"),
        ),
    ),
)  # fmt: skip


def hold_until(created_at: datetime) -> datetime:
    """Until when an unpaid booking keeps its slots."""
    return created_at + timedelta(minutes=HOLD_MINUTES)


def answer_by(
    authorized_at: datetime, answer_hours: int, starts_at: datetime | None, capture_before: datetime | None
) -> datetime:
    """When an authorised request is over unanswered: answer time, start or authorisation's end, the first of them."""
    deadlines = [authorized_at + timedelta(hours=answer_hours), starts_at, capture_before]
    return min(deadline for deadline in deadlines if deadline is not None)


def acceptance_until(ended_at: datetime, acceptance_hours: int = ACCEPTANCE_HOURS) -> datetime:
    """Until when the client may report a problem; silence accepts."""
    return ended_at + timedelta(hours=acceptance_hours)
