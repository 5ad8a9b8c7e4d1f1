"""The payment's state table: money comes to rest somewhere, and never comes back from the end."""

from itertools import product

import pytest

from callsheet.kernel.errors import Forbidden, IllegalTransition
from callsheet.payments.model import Ask, PaymentStatus
from callsheet.payments.rules import PAYMENT, PaymentAction, is_claimed_for, needs_watching
from tests.support.builders import a_payment

RESTING = frozenset({PaymentStatus.CAPTURED, PaymentStatus.PARTIALLY_REFUNDED})


def test_every_status_is_reached_and_every_waiting_one_ends() -> None:
    reached, frontier = set(PAYMENT.initial), list(PAYMENT.initial)
    while frontier:
        for row in PAYMENT.exits(frontier.pop()):
            if row.target not in reached:
                reached.add(row.target)
                frontier.append(row.target)
    assert reached == set(PaymentStatus)
    for status in PaymentStatus:
        assert (PAYMENT.exits(status) == ()) == (status in PAYMENT.terminal)


def test_nothing_follows_the_end_and_only_stripe_s_word_moves_money() -> None:
    for status, action in product(PAYMENT.terminal, PaymentAction):
        with pytest.raises(IllegalTransition):
            PAYMENT.step(status, action, "stripe")
    for party in ("client", "provider", "admin", "system"):
        with pytest.raises(Forbidden):
            PAYMENT.step(PaymentStatus.AUTHORIZED, PaymentAction.CAPTURE, party)


def test_every_way_out_with_captured_money_is_posted() -> None:
    for row in PAYMENT.transitions:
        if row.target is PaymentStatus.CAPTURED or (
            row.source in RESTING and row.action is not PaymentAction.DISPUTE
        ):
            assert any(effect.startswith("post ") for effect in row.effects), row


def test_what_is_still_to_come_is_watched() -> None:
    assert needs_watching(a_payment())
    assert needs_watching(a_payment(PaymentStatus.CAPTURED, Ask.REFUND))
    assert not needs_watching(a_payment(PaymentStatus.AUTHORIZED))
    assert is_claimed_for(a_payment(PaymentStatus.AUTHORIZED, Ask.CAPTURE), Ask.CAPTURE)
    assert not is_claimed_for(a_payment(PaymentStatus.AUTHORIZED), Ask.CAPTURE)


def test_a_disputed_payment_moves_on_only_by_what_became_of_the_dispute() -> None:
    ways = {(row.action, row.target) for row in PAYMENT.exits(PaymentStatus.DISPUTED)}
    assert ways == {
        (PaymentAction.REINSTATE, PaymentStatus.CAPTURED),
        (PaymentAction.REINSTATE_PART, PaymentStatus.PARTIALLY_REFUNDED),
        (PaymentAction.LOSE, PaymentStatus.DISPUTED),
        (PaymentAction.CREDIT, PaymentStatus.DISPUTED),
    }
