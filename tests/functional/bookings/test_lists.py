"""Lists and timelines: who sees which, page by page, and cursors that fit only their own query."""

from datetime import timedelta

import pytest

from callsheet.bookings.get_timeline import get_timeline
from callsheet.bookings.list_bookings import list_bookings
from callsheet.bookings.model import BookingQuery
from callsheet.bookings.rules import BookingStatus, Party
from callsheet.kernel.errors import InvalidCursor, NotFound
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal, Role
from tests.support.stage import Stage, somebody


def ids(stage: Stage, query: BookingQuery, caller: Principal) -> list[str]:
    return [booking.id for booking in list_bookings(query, caller, stage.deps).items]


def test_each_party_sees_theirs_newest_start_first(stage: Stage) -> None:
    first, second = stage.book(in_hours=72), stage.book(in_hours=80)
    assert ids(stage, BookingQuery(), stage.carla) == [second.id, first.id]
    assert ids(stage, BookingQuery(party=Party.PROVIDER), stage.pavel.user) == [second.id, first.id]
    assert ids(stage, BookingQuery(party=Party.PROVIDER), stage.carla) == []
    assert ids(stage, BookingQuery(), somebody(Role.CLIENT)) == []


def test_a_list_can_be_narrowed_by_status_and_by_start(stage: Stage) -> None:
    pending, accepted = stage.book(in_hours=72), stage.accepted(in_hours=80)
    assert ids(stage, BookingQuery(status=BookingStatus.ACCEPTED), stage.carla) == [accepted.id]
    mine = BookingQuery(party=Party.PROVIDER, status=BookingStatus.PENDING)
    assert ids(stage, mine, stage.pavel.user) == [pending.id]
    middle = stage.clock.now() + timedelta(hours=80)
    assert ids(stage, BookingQuery(starts_from=middle), stage.carla) == [accepted.id]
    assert ids(stage, BookingQuery(starts_before=middle), stage.carla) == [pending.id]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(stage: Stage) -> None:
    booked = [stage.book(in_hours=72 + 3 * number).id for number in range(5)]
    seen, cursor = [], None
    while True:
        page = list_bookings(BookingQuery(limit=2, cursor=cursor), stage.carla, stage.deps)
        seen += [booking.id for booking in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == booked[::-1]


def test_a_cursor_fits_its_own_query_and_caller_alone(stage: Stage) -> None:
    for number in range(3):
        stage.book(in_hours=72 + 3 * number)
    cursor = list_bookings(BookingQuery(limit=1), stage.carla, stage.deps).next_cursor
    assert cursor is not None
    with pytest.raises(InvalidCursor):
        list_bookings(BookingQuery(limit=1, cursor=cursor), somebody(), stage.deps)
    with pytest.raises(InvalidCursor):
        list_bookings(BookingQuery(cursor=cursor, status=BookingStatus.PENDING), stage.carla, stage.deps)
    with pytest.raises(InvalidCursor):
        list_bookings(BookingQuery(cursor=cursor[:-2] + "xx"), stage.carla, stage.deps)


def test_a_timeline_has_pages_and_is_for_the_parties_alone(stage: Stage) -> None:
    booking = stage.accepted()
    page = get_timeline(booking.id, PageQuery(limit=2), stage.carla, stage.deps)
    assert [entry.name for entry in page.items] == ["booking.requested", "payment.authorized"]
    follow = get_timeline(booking.id, PageQuery(cursor=page.next_cursor), stage.carla, stage.deps)
    assert [entry.name for entry in follow.items] == ["payment.captured", "booking.accepted"]
    with pytest.raises(InvalidCursor):
        get_timeline(booking.id, PageQuery(cursor=page.next_cursor), stage.pavel.user, stage.deps)
    with pytest.raises(NotFound):
        get_timeline(booking.id, PageQuery(), somebody(), stage.deps)
