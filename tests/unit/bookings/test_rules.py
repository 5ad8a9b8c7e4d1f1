"""The booking's state table has no dead end, and its deadlines are the first that comes."""

from datetime import UTC, datetime, timedelta

import pytest

from callsheet.bookings.rules import (
    BOOKING,
    BookingAction,
    BookingStatus,
    acceptance_until,
    answer_by,
    hold_until,
)
from callsheet.kernel.diagram import mermaid
from callsheet.kernel.errors import Forbidden, IllegalTransition

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARTIES = ("client", "provider", "admin", "system", "stripe")


def test_every_state_is_reached_and_every_waiting_state_ends_by_itself() -> None:
    reached, frontier = set(BOOKING.initial), list(BOOKING.initial)
    while frontier:
        for row in BOOKING.exits(frontier.pop()):
            if row.target not in reached:
                reached.add(row.target)
                frontier.append(row.target)
    assert reached == set(BookingStatus)
    for state in BookingStatus:
        leaves = [row for row in BOOKING.exits(state) if row.target != state]
        if state in BOOKING.terminal:
            assert BOOKING.exits(state) == ()
        else:
            assert any("system" in row.who for row in leaves), f"{state} waits for somebody for ever"


def test_every_exit_from_pending_without_acceptance_leaves_no_authorisation_and_no_slot() -> None:
    for row in BOOKING.exits(BookingStatus.PENDING):
        if row.target is BookingStatus.CANCELLED:
            assert row.effects == ("void the authorisation", "free the slots")


def test_only_the_provider_accepts_and_nobody_revives_what_is_over() -> None:
    for party in PARTIES:
        if party != "provider":
            with pytest.raises(Forbidden):
                BOOKING.step(BookingStatus.PENDING, BookingAction.ACCEPT, party)
        for state in BOOKING.terminal:
            for action in BookingAction:
                with pytest.raises(IllegalTransition):
                    BOOKING.step(state, action, party)


def test_an_answer_is_due_at_the_first_of_its_deadlines() -> None:
    day = timedelta(days=1)
    assert answer_by(NOW, 24, None, None) == NOW + day
    assert answer_by(NOW, 24, NOW + day / 2, NOW + 7 * day) == NOW + day / 2
    assert answer_by(NOW, 48, NOW + 9 * day, NOW + day) == NOW + day
    assert hold_until(NOW) == NOW + timedelta(minutes=30)
    assert acceptance_until(NOW) == NOW + 2 * day


def test_the_diagram_says_what_the_table_says() -> None:
    drawn = mermaid(BOOKING)
    assert "    [*] --> pending\n" in drawn
    assert "    pending --> accepted: accept (provider) → booking.start\n" in drawn
    assert drawn.count("-->") == len(BOOKING.transitions) + 3
