"""A day's close: what agrees, what differs and how, what is carried over a midnight, and how a run survives."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from callsheet.closing.errors import CloseRunning, DayNotOver
from callsheet.closing.model import Close, CloseStatus, DifferenceKind, DifferenceStatus, Phase, Tally
from callsheet.closing.run_portion import Portion, give_up_waiting, run_portion
from callsheet.closing.start_daily_closes import start_daily_closes
from callsheet.closing.store import stored_close
from callsheet.gateways.balance import TransactionPage
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.kernel.money import Money
from callsheet.ledger.for_closing import entries_on
from callsheet.ledger.post import post
from callsheet.platform.transaction import Transaction
from tests.functional.closing.office import DAY, NOON, Office
from tests.functional.payments.webhooks import queued
from tests.support.books import FakeBalance
from tests.support.crashes import Died, Steps
from tests.support.month import FIRST, a_month

BEFORE, AFTER = datetime(2026, 3, 2, 23, 59, 58, tzinfo=UTC), datetime(2026, 3, 3, 0, 0, 2, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)


def test_a_day_that_agrees_is_clean_and_payouts_pass(office: Office) -> None:
    for number in range(20):
        office.agreed(f"ch_{number}")
    close = office.closed()
    assert (close.status, close.phase) == (CloseStatus.CLEAN, Phase.OVER)
    assert close.tally == Tally(transactions=20, entries=40, matched=20)
    assert office.shut_by() == frozenset()
    assert office.told() == ["close.finished"]


def test_a_day_on_which_nothing_happened_is_clean(office: Office) -> None:
    assert office.closed().status is CloseStatus.CLEAN


def test_each_kind_of_difference_is_found_and_payouts_wait(office: Office) -> None:
    office.agreed("ch_good")
    office.at_stripe("tu_top_up", 5_000)
    office.captured("ch_extra", 10_000, fee=320)
    office.captured("ch_amount", 10_000)
    office.at_stripe("ch_amount", 10_000, fee=320)
    office.captured("ch_currency", 10_000, currency="EUR")
    office.at_stripe("ch_currency", 10_000)
    office.agreed("ch_twice")
    office.captured("ch_twice", 10_000, fee=320)
    close = office.closed()
    assert close.status is CloseStatus.DIFFERING
    assert close.tally == Tally(transactions=5, entries=10, matched=1, differing=5)
    assert {reference: one.kind for reference, one in office.differences().items()} == {
        "tu_top_up": DifferenceKind.MISSING,
        "ch_extra": DifferenceKind.EXTRA,
        "ch_amount": DifferenceKind.AMOUNT,
        "ch_currency": DifferenceKind.CURRENCY,
        "ch_twice": DifferenceKind.DUPLICATE,
    }
    amount = office.differences()["ch_amount"]
    assert (amount.stripe, amount.ledger) == ((Money.of(9_680, "USD"),), (Money.of(10_000, "USD"),))
    assert office.shut_by() == {"2026-03-02"}
    assert office.told() == ["close.differed"]


def test_a_fee_of_stripes_own_is_known_by_its_transaction(office: Office) -> None:
    fee = office.at_stripe(None, -250)
    office.closed()
    assert office.differences()[fee.id].kind is DifferenceKind.MISSING


def test_what_the_ledger_books_behind_midnight_is_carried_over(office: Office) -> None:
    office.at_stripe("ch_late", 10_000, fee=320, at=BEFORE)
    office.captured("ch_late", 10_000, fee=320, at=AFTER)
    office.captured("ch_early", 700, at=BEFORE)
    office.at_stripe("ch_early", 700, at=AFTER)
    office.clock.at += timedelta(days=1)
    for day in (DAY, NEXT):
        close = office.closed(day)
        assert (close.status, close.tally.carried, close.tally.matched) == (CloseStatus.CLEAN, 2, 0)


def test_a_charge_whose_fee_falls_behind_midnight_is_carried_over(office: Office) -> None:
    booking = office.captured("ch_1", 10_000, at=BEFORE)
    office.at_stripe("ch_1", 10_000, fee=320, at=BEFORE)
    office.captured("ch_1x", 1, at=BEFORE, subject=booking)
    office.at_stripe("ch_1x", 1, at=BEFORE)
    office.captured("ch_1", -320, at=AFTER)
    office.clock.at += timedelta(days=1)
    assert office.closed(DAY).tally.carried == 1
    assert office.closed(NEXT).tally.carried == 1


def test_what_differs_across_midnight_is_reported_once(office: Office) -> None:
    office.at_stripe("ch_1", 10_000, at=BEFORE)
    office.captured("ch_1", 9_000, at=AFTER)
    office.clock.at += timedelta(days=1)
    assert office.closed(DAY).open == 1
    assert office.closed(NEXT).status is CloseStatus.CLEAN
    assert office.shut_by() == {"2026-03-02"}


def test_a_repair_that_comes_days_later_is_no_difference_and_heals_its_day(office: Office) -> None:
    office.at_stripe("ch_1", 10_000)
    assert office.closed().status is CloseStatus.DIFFERING
    office.captured("ch_1", 10_000, at=NOON + timedelta(days=3))
    office.clock.at = NOON + timedelta(days=4)
    assert office.closed(DAY + timedelta(days=3)).status is CloseStatus.CLEAN
    assert office.closed().status is CloseStatus.MENDED
    assert office.differences()["ch_1"].status is DifferenceStatus.AGREED
    assert office.shut_by() == frozenset()


def test_the_same_day_closed_again_gives_the_same_report(office: Office) -> None:
    office.agreed("ch_1")
    office.at_stripe("tu_1", 5_000)
    office.closed()
    first = office.report()
    office.clock.at += timedelta(hours=1)
    office.closed()
    second = office.report()
    assert (second.tally, second.open, second.status) == (first.tally, first.open, first.status)
    assert [one.model_copy(update={"attempt": 1}) for one in second.items] == list(first.items)
    assert (first.attempt, second.attempt) == (1, 2)


def test_payouts_wait_while_a_day_that_differs_is_run_again(office: Office) -> None:
    office.at_stripe("tu_1", 5_000)
    office.closed()
    office.start()
    assert office.shut_by() == {"2026-03-02"}


def test_a_close_says_what_stands_at_stripe_and_in_the_ledger(office: Office) -> None:
    office.agreed("ch_1", 10_000, fee=320)
    office.balance.balances = {"USD": 9_680, "EUR": 12}
    balances = {line.currency: line for line in office.closed().balances}
    assert (balances["USD"].stripe_minor, balances["USD"].ledger_minor) == (9_680, 9_680)
    assert (balances["EUR"].stripe_minor, balances["EUR"].ledger_minor) == (12, 0)


def test_a_day_that_is_not_over_is_refused_and_nothing_has_changed(office: Office) -> None:
    with pytest.raises(DayNotOver):
        office.start(office.clock.at.date())
    assert stored_close(office.clock.at.date()) is None
    assert queued(office.queue) == []


def test_a_day_is_closed_by_one_run_at_a_time(office: Office) -> None:
    office.start()
    with pytest.raises(CloseRunning):
        office.start()
    assert office.close().attempt == 1
    assert len(queued(office.queue)) == 1


def test_a_long_run_goes_on_message_by_message(office: Office) -> None:
    for number in range(15):
        office.agreed(f"ch_{number}")
    office.start()
    seen: list[Portion] = []

    def counted(close: Close) -> Portion:
        seen.append(office.portion(close, budget=1))
        return seen[-1]

    office.run(portion=counted)
    assert seen == [Portion.MOVED] * (len(seen) - 1) + [Portion.ENDED]
    assert len(seen) == 3 + 8 + 1  # three pages, eight shards, the end
    assert office.close().tally.matched == 15


def test_a_run_that_dies_at_any_step_goes_on_where_it_was(office: Office) -> None:
    for number in range(15):
        office.agreed(f"ch_{number}")
    office.at_stripe("tu_1", 5_000)
    office.start()
    died = 0
    for step in range(40):
        close = office.close()
        if close.status is not CloseStatus.RUNNING:
            break
        steps = Steps(at=step % 2, after=bool(step % 3))
        try:
            with steps.watching_transactions():
                office.portion(close)
        except Died:
            died += 1
    close = office.close()
    assert died > 5
    assert (close.status, close.open) == (CloseStatus.DIFFERING, 1)
    assert close.tally == Tally(transactions=16, entries=30, matched=15, differing=1)
    assert list(office.differences()) == ["tu_1"]


def test_while_stripe_is_away_a_run_stands_still_and_goes_on_later(office: Office) -> None:
    office.agreed("ch_1")
    close = office.start()
    office.balance.is_away = True
    with pytest.raises(PaymentsUnavailable):
        office.portion(close)
    assert office.close().phase is Phase.COLLECTING
    office.balance.is_away = False
    office.run()
    assert office.close().status is CloseStatus.CLEAN


def test_a_message_of_an_earlier_run_or_of_no_run_does_nothing(office: Office) -> None:
    office.closed()
    office.start()
    before, asked = office.close(), office.balance.asked
    assert run_portion(DAY, 1, office.caller, office.deps) is Portion.LEFT
    assert run_portion(NEXT, 1, office.caller, office.deps) is Portion.LEFT
    assert (office.close(), office.balance.asked) == (before, asked)


class Rival(FakeBalance):
    """While Stripe answers one run's first page, another gets to the end."""

    def transactions(self, since: datetime, until: datetime, after: str | None = None) -> TransactionPage:
        act, self.act = self.act, None
        if act is not None:
            act()
        return super().transactions(since, until, after)

    act: Callable[[], object] | None = None


def test_of_two_that_run_at_once_one_leaves_the_run_to_the_other(office: Office) -> None:
    rival = Rival()
    office.balance = rival
    for number in range(15):
        office.agreed(f"ch_{number}")
    close = office.start()
    rival.act = lambda: office.portion(close)
    assert office.portion(close) is Portion.LEFT
    assert office.close().tally == Tally(transactions=15, entries=30, matched=15)
    assert office.told() == ["close.finished"]


def test_a_run_that_does_not_end_keeps_payouts_back_and_is_sent_for_again(office: Office) -> None:
    office.agreed("ch_1")
    office.start()
    assert queued(office.queue) != []  # and lost
    assert not give_up_waiting(DAY, office.caller, office.deps)
    office.clock.at += timedelta(hours=6)
    assert {item.kind for item in office.due()} == {"closing.stalled"}
    assert give_up_waiting(DAY, office.caller, office.deps)
    assert office.shut_by() == {"2026-03-02"}
    office.run()
    assert office.close().status is CloseStatus.CLEAN
    assert office.shut_by() == frozenset()
    assert not give_up_waiting(DAY, office.caller, office.deps)


def test_every_hour_the_days_that_have_ended_are_closed_once(office: Office) -> None:
    days = [date(2026, 2, 28), date(2026, 3, 1), DAY]
    assert start_daily_closes(office.caller, office.deps) == tuple(days)
    assert start_daily_closes(office.caller, office.deps) == ()
    assert len(queued(office.queue)) == 3


def test_a_run_that_lost_its_message_gets_another_within_the_hour(office: Office) -> None:
    start_daily_closes(office.caller, office.deps)
    queued(office.queue)
    office.clock.at += timedelta(hours=1)
    assert len(start_daily_closes(office.caller, office.deps)) == 3
    assert len(queued(office.queue)) == 3


def test_a_day_that_differs_is_looked_at_again_until_it_agrees(office: Office) -> None:
    start_daily_closes(office.caller, office.deps)
    for day in (date(2026, 2, 28), date(2026, 3, 1)):
        office.portion(office.close(day))
    office.at_stripe("ch_1", 10_000)
    office.portion(office.close())
    assert office.shut_by() == {"2026-03-02"}
    queued(office.queue)
    office.clock.at += timedelta(hours=1)
    assert start_daily_closes(office.caller, office.deps) == ()
    office.clock.at += timedelta(days=7)  # no longer among the latest days, but it keeps the gate shut
    office.captured("ch_1", 10_000)
    assert DAY in start_daily_closes(office.caller, office.deps)
    office.portion(office.close())
    assert office.close().status is CloseStatus.MENDED
    assert office.shut_by() == frozenset()


def test_a_small_month_through_the_tables_finds_each_injected_difference_and_nothing_else(
    office: Office,
) -> None:
    month = a_month(bookings=60, differences=10, days=3)
    office.balance.booked, office.balance.page = month.transactions, 95
    for booked in month.booked:
        txn = Transaction(office.caller, booked.at)
        post(txn, booked.entry(), booked.at)
        txn.commit()
    office.clock.at = datetime(2026, 3, 20, tzinfo=UTC)
    found: list[tuple[str, DifferenceKind]] = []
    for day in month.dates():
        office.closed(day)
        found += [(one.reference, one.kind) for one in office.differences(day).values()]
    assert sorted(found) == sorted(month.injected.items())
    assert {day for day in month.dates() if list(entries_on(day, 0))} <= {
        FIRST + timedelta(days=number) for number in range(4)
    }
