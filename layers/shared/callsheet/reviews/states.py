"""The state machines of reviews as data: the exchange of a booking's two sides, and a review that was revealed."""

from enum import StrEnum

from callsheet.kernel.states import StateTable, Transition
from callsheet.reviews.model import Exchange, Review
from callsheet.reviews.rules import REVEAL_DEADLINE, is_whole


class ExchangeState(StrEnum):
    """How far the two sides of a booking have come."""

    OPEN = "open"
    SEALED = "sealed"
    REVEALED = "revealed"
    ANSWERED = "answered"


class ExchangeAction(StrEnum):
    WRITE = "write"
    REVEAL = "reveal"


class ReviewState(StrEnum):
    """Whether everybody reads a review."""

    SHOWN = "shown"
    REPORTED = "reported"
    KEPT = "kept"
    HIDDEN = "hidden"


class ReviewAction(StrEnum):
    REPORT = "report"
    KEEP = "keep"
    HIDE = "hide"


_OPEN, _SEALED, _REVEALED, _ANSWERED = ExchangeState
_SIDES, _OTHER = frozenset({"client", "provider"}), frozenset({"other side"})
_IN_TIME = "within 60 days of completion"
_COUNTED = "count the client's in the rating"

EXCHANGE: StateTable[ExchangeState, ExchangeAction] = StateTable(
    name="review_exchange",
    initial=frozenset({_OPEN}),
    terminal=frozenset({_OPEN, _REVEALED, _ANSWERED}),  # nobody has to write, or to answer
    transitions=(
        Transition(
            action=ExchangeAction.WRITE, source=_OPEN, target=_SEALED, who=_SIDES, deadline=REVEAL_DEADLINE,
            condition=f"the booking is completed, {_IN_TIME}", effects=("tell the other side",),
        ),
        Transition(
            action=ExchangeAction.WRITE, source=_SEALED, target=_ANSWERED, who=_OTHER, condition=_IN_TIME,
            effects=("reveal both", _COUNTED, "tell both"),
        ),
        Transition(
            action=ExchangeAction.REVEAL, source=_SEALED, target=_REVEALED, who=frozenset({"system"}),
            condition="14 days after the first was written", effects=("reveal it", _COUNTED, "tell both"),
        ),
        Transition(
            action=ExchangeAction.WRITE, source=_REVEALED, target=_ANSWERED, who=_OTHER, condition=_IN_TIME,
            effects=("reveal it at once", _COUNTED, "tell the other side"),
        ),
    ),
)  # fmt: skip

_SHOWN, _REPORTED, _KEPT, _HIDDEN = ReviewState
_SUPPORT, _ANYBODY = frozenset({"support", "admin"}), frozenset({"anybody signed in"})
_UNCOUNTED = ("list it no longer", "count the client's out of the rating")

REVIEW: StateTable[ReviewState, ReviewAction] = StateTable(
    name="review",
    initial=frozenset({_SHOWN}),
    terminal=frozenset({_SHOWN, _REPORTED, _KEPT, _HIDDEN}),  # what was reported stays until support decides otherwise
    transitions=(
        Transition(
            action=ReviewAction.REPORT, source=_SHOWN, target=_REPORTED, who=_ANYBODY, effects=("list it for support",)
        ),
        Transition(
            action=ReviewAction.HIDE, source=_SHOWN, target=_HIDDEN, who=_SUPPORT, effects=_UNCOUNTED,
            condition="not of a booking of their own",
        ),
        Transition(
            action=ReviewAction.KEEP, source=_REPORTED, target=_KEPT, who=_SUPPORT,
            condition="not of a booking of their own",
        ),
        Transition(
            action=ReviewAction.HIDE, source=_REPORTED, target=_HIDDEN, who=_SUPPORT, effects=_UNCOUNTED,
            condition="not of a booking of their own",
        ),
        Transition(
            action=ReviewAction.HIDE, source=_KEPT, target=_HIDDEN, who=_SUPPORT, effects=_UNCOUNTED,
            condition="not of a booking of their own",
        ),
    ),
)  # fmt: skip


def state_of(exchange: Exchange | None) -> ExchangeState:
    if exchange is None:
        return ExchangeState.OPEN
    if is_whole(exchange):
        return ExchangeState.ANSWERED
    return ExchangeState.SEALED if exchange.revealed_at is None else ExchangeState.REVEALED


def state_of_review(review: Review) -> ReviewState:
    if review.hiding is not None:
        return ReviewState.HIDDEN
    if review.report is None:
        return ReviewState.SHOWN
    return ReviewState.REPORTED if review.report.kept_at is None else ReviewState.KEPT
