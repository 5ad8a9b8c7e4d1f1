"""Credit of a refund that reached no card goes to the client's bank: once, and never more than is left of it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import pytest

from callsheet.bookings.model import BookingView
from callsheet.kernel.errors import Forbidden, InvalidRequest, NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, RequestKey, Role, system
from callsheet.ledger.accounts import BANK, CASH_OUTS, wallet
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.ledger.list_entries import list_entries
from callsheet.platform.records import EventItem
from callsheet.wallet.ask_cash_out import ask_cash_out
from callsheet.wallet.cash_outs import AskCashOut, BankTransfer, CashOut, CashOutStatus
from callsheet.wallet.check_cash_out import Checked, check_cash_out
from callsheet.wallet.decide_cash_out import approve_cash_out, reject_cash_out
from callsheet.wallet.errors import (
    CashOutDecided,
    CashOutLapsed,
    CashOutNeedsAnother,
    CashOutTooLarge,
    WalletChanged,
)
from callsheet.wallet.lines import LineKind
from callsheet.wallet.list_cash_outs import list_cash_outs
from callsheet.wallet.settle_cash_out import pay_cash_out, return_cash_out
from tests.support.at_stripe import StripeStage
from tests.support.closes import close_every_day
from tests.support.crashes import Died, Steps
from tests.support.losses import dispute, verdict
from tests.support.meanwhile import Meanwhile
from tests.support.money_truths import check_money, check_money_at_rest
from tests.support.stage import somebody
from tests.support.truths import sum_of
from tests.support.turns import orders, played
from tests.support.wallets import balance_minor, credit, fund, wallet_deps, wallet_lines

MADE = BankTransfer(bank_reference="2026-03-02/17")
SUE, SAM, FRIDA = somebody(Role.SUPPORT), somebody(Role.SUPPORT), somebody(Role.FINANCE)
APPROVED, PROPOSED = CashOutStatus.APPROVED, CashOutStatus.PROPOSED


@dataclass(frozen=True, slots=True)
class Bounced:
    """Carla's booking was called off, all of it refunded, and her bank could not credit it."""

    stage: StripeStage
    booking: BookingView

    @property
    def carla(self) -> str:
        return self.stage.carla.user_id

    @property
    def refund_id(self) -> str:
        (refund,) = self.stage.case(self.booking).payment.refunds
        return refund.id

    def ask(self, minor: int, by: Principal = SUE, refund_id: str | None = None) -> CashOut:
        command = AskCashOut(
            user_id=self.carla,
            refund_id=refund_id or self.refund_id,
            amount=Money.of(minor, "USD"),
            reason="The card is closed",
        )
        return ask_cash_out(command, by, wallet_deps(self.stage.clock))

    def approve(self, one: CashOut, by: Principal = FRIDA) -> CashOut:
        return approve_cash_out(self.carla, one.id, "I have seen it", by, wallet_deps(self.stage.clock))

    def reject(self, one: CashOut, by: Principal = FRIDA) -> CashOut:
        return reject_cash_out(self.carla, one.id, "Not this way", by, wallet_deps(self.stage.clock))

    def pay(self, one: CashOut, made: BankTransfer = MADE) -> CashOut:
        return pay_cash_out(self.carla, one.id, made, FRIDA, wallet_deps(self.stage.clock))

    def give_back(self, one: CashOut) -> CashOut:
        return return_cash_out(self.carla, one.id, "No such account", FRIDA, wallet_deps(self.stage.clock))

    def spend(self) -> BookingView:
        command = self.stage.command(in_hours=200).model_copy(update={"use_wallet": True})
        return self.stage.book(command)

    def check(self) -> None:
        check_money(self.stage)

    @property
    def balance(self) -> int:
        return balance_minor(self.carla)


def bounced(stage: StripeStage, amount: int) -> Bounced:
    command = stage.command(in_hours=100).model_copy(update={"amount": amount})
    booking = stage.accept(stage.book(command))
    stage.cancel(booking, stage.pavel.user)
    *_, refund_id = stage.world.kept("refund")
    stage.act(f"/_sim/refunds/{refund_id}", outcome="failed", failure_reason="expired_or_canceled_card")
    stage.hear()
    return Bounced(stage, booking)


@pytest.fixture
def stage(tables: None) -> StripeStage:
    found = StripeStage()
    fund(found, 5_000_00)
    found.hear()
    return found


@pytest.fixture
def hers(stage: StripeStage) -> Bounced:
    return bounced(stage, 100)


@pytest.fixture
def much(stage: StripeStage) -> Bounced:
    return bounced(stage, 1_000)


def test_credit_is_set_aside_then_paid_and_every_day_closes(hers: Bounced) -> None:
    asked = hers.ask(60_00)
    assert (asked.status, asked.decided_by, asked.booking_id) == (APPROVED, SUE.user_id, hers.booking.id)
    assert (hers.balance, -sum_of(CASH_OUTS)) == (40_00, 60_00)
    before = -sum_of(BANK)
    paid = hers.pay(asked)
    assert (paid.status, paid.bank_reference, paid.paid_by) == (
        CashOutStatus.PAID, MADE.bank_reference, FRIDA.user_id,
    )  # fmt: skip
    assert (sum_of(CASH_OUTS), -sum_of(BANK) - before) == (0, 60_00)
    assert {line.kind for line in wallet_lines(hers.carla)} == {LineKind.REFUND_FAILED, LineKind.CASHED_OUT}
    entries = {entry.cause: entry for entry in list_entries(asked.id).items}
    assert set(entries) == {"cash_out", "cash_out_paid"}
    assert {one.account for one in entries["cash_out"].postings} == {wallet(hers.carla), CASH_OUTS}
    names = [item.document.name for item in EventItem.query(hers.carla)]
    assert names[-2:] == ["cash_out.approved", "cash_out.paid"]
    assert get_trial_balance().is_balanced
    assert list_cash_outs(hers.carla).items == (paid,)
    hers.stage.advance(hours=24 * 120)
    hers.stage.hear()
    check_money_at_rest(hers.stage)
    close_every_day(hers.stage)


def test_never_more_than_that_refund_left(hers: Bounced) -> None:
    credit(hers.stage, 50_00)
    hers.ask(60_00)
    with pytest.raises(CashOutTooLarge) as refusal:
        hers.ask(40_01)
    assert refusal.value.extra["left_minor"] == 40_00
    hers.ask(40_00)
    with pytest.raises(CashOutTooLarge):
        hers.ask(1)
    assert hers.balance == 50_00, "what support gave is to be spent"
    hers.check()


def test_what_was_spent_meanwhile_cannot_be_paid_out(hers: Bounced) -> None:
    hers.spend()
    with pytest.raises(CashOutTooLarge) as refusal:
        hers.ask(60_00)
    assert refusal.value.extra["left_minor"] == hers.balance < 60_00
    assert list_cash_outs(hers.carla).items == ()
    hers.check()


def test_gifts_are_spent_first_and_never_paid_out(hers: Bounced) -> None:
    """150.00, of which 50.00 were given: a booking takes 99.50. What is given afterwards makes no money of it."""
    credit(hers.stage, 50_00)
    booking = hers.spend()
    hers.stage.advance(hours=1)
    credit(hers.stage, 50_00)
    with pytest.raises(CashOutTooLarge) as refusal:
        hers.ask(50_51)
    assert (refusal.value.extra["left_minor"], hers.balance) == (50_50, 100_50)
    hers.stage.decline(booking)
    hers.ask(100_00)
    with pytest.raises(CashOutTooLarge):
        hers.ask(1)
    assert hers.balance == 100_00
    hers.check()


def test_what_a_lost_dispute_kept_from_the_card_can_be_paid_out(stage: StripeStage) -> None:
    booking = stage.accepted(in_hours=100)
    stage.hear()
    dispute_id = dispute(stage, booking, 20_00)
    stage.cancel(booking, stage.pavel.user)
    verdict(stage, dispute_id)
    stage.hear()
    lost = Bounced(stage, booking)
    with pytest.raises(CashOutTooLarge):
        lost.ask(80_01)
    lost.pay(lost.ask(80_00))
    assert lost.balance == 0
    lost.check()


def test_what_no_refund_left_is_not_paid_out(hers: Bounced) -> None:
    for wrong in (new_id("rfd"), "rfd_1"):
        with pytest.raises((NotFound, ValueError)):
            hers.ask(1_00, refund_id=wrong)
    with pytest.raises(InvalidRequest):
        hers.ask(0)
    with pytest.raises(Forbidden):
        hers.ask(1_00, by=replace(hers.stage.carla, roles=frozenset({Role.SUPPORT})))
    assert (hers.balance, list_cash_outs(hers.carla).items) == (100_00, ())


def test_the_same_request_again_gives_the_same_cash_out(hers: Bounced) -> None:
    keyed = replace(SUE, request_key=RequestKey("one", "same"))
    assert hers.ask(60_00, by=keyed) == hers.ask(60_00, by=keyed)
    assert hers.balance == 40_00
    hers.check()


def test_a_checkout_in_between_leaves_the_credit_to_the_client(hers: Bounced) -> None:
    """The cash-out is decided on what the checkout has spent by the time it is written: it is refused."""
    steps = Meanwhile(0, other=hers.spend)
    with steps.watching_transactions(), pytest.raises(CashOutTooLarge):
        hers.ask(60_00)
    assert list_cash_outs(hers.carla).items == ()
    assert hers.balance < 60_00
    hers.check()


def test_a_cash_out_in_between_leaves_nothing_to_a_checkout(hers: Bounced) -> None:
    steps = Meanwhile(0, other=lambda: hers.ask(100_00))
    with steps.watching_transactions(), suppress(WalletChanged):
        assert hers.spend().payment.wallet is None
    assert hers.balance == 0
    hers.check()


def test_much_takes_two_and_little_by_little_is_much(much: Bounced) -> None:
    asked = much.ask(500_01)
    assert (asked.status, much.balance) == (PROPOSED, 1_000_00)
    with pytest.raises(CashOutNeedsAnother):
        much.approve(asked, by=SUE)
    with pytest.raises(CashOutDecided):
        much.pay(asked)
    approved = much.approve(asked)
    assert much.approve(asked) == approved
    assert (approved.decided_by, much.balance) == (FRIDA.user_id, 499_99)
    assert much.ask(1).status is PROPOSED, "five hundred in thirty days are used up"
    much.stage.advance(hours=24 * 31)
    assert much.ask(499_00).status is APPROVED
    much.check()


def test_a_second_person_approves_only_what_is_still_there(much: Bounced) -> None:
    asked = much.ask(950_00)
    much.spend()
    with pytest.raises(CashOutTooLarge):
        much.approve(asked)
    assert much.reject(asked).status is CashOutStatus.REJECTED
    with pytest.raises(CashOutDecided):
        much.approve(asked)
    much.check()


def test_who_proposed_it_may_take_it_back(much: Bounced) -> None:
    asked = much.ask(600_00)
    assert much.reject(asked, by=SUE) == much.reject(asked, by=SUE)
    assert much.balance == 1_000_00


def test_a_proposal_lapses_after_seven_days(much: Bounced) -> None:
    asked = much.ask(600_00)
    much.stage.clock.moment = asked.proposed_at.replace(day=asked.proposed_at.day + 7)
    with pytest.raises(CashOutLapsed):
        much.approve(asked)
    much.stage.sweep()
    assert [one.status for one in list_cash_outs(much.carla).items] == [CashOutStatus.LAPSED]
    with pytest.raises(CashOutLapsed):
        much.approve(asked)
    assert much.balance == 1_000_00


def test_two_who_ask_at_once_get_no_more_than_there_is_in_whatever_order(stage: StripeStage) -> None:
    little = bounced(stage, 10)
    for order in orders(3, 3):
        errors = played(order, lambda: little.ask(6_00), lambda: little.ask(6_00))
        assert sorted(map(type, errors), key=str) == [type(None), CashOutTooLarge]
        assert little.balance == 4_00
        little.give_back(list_cash_outs(little.carla).items[-1])
    little.check()


def test_two_who_approve_at_once_set_it_aside_once_in_whatever_order(much: Bounced) -> None:
    """Also where the later one finds the credit gone before they find the decision."""
    for order in list(orders(4, 4))[::5]:
        asked = much.ask(600_00)
        errors = played(order, partial(much.approve, asked), partial(much.approve, asked, SAM))
        assert errors == [None, None]
        assert much.balance == 400_00
        much.give_back(asked)
    much.check()


def test_of_pay_and_return_at_once_what_was_paid_first_has_come_back_and_nothing_is_posted_twice(
    hers: Bounced,
) -> None:
    """Returned first, the payment is refused; paid first, what comes back comes from the bank."""
    ends = set()
    for order in orders(2, 3):
        asked, before = hers.ask(1_00), sum_of(BANK)
        paid, returned = played(order, partial(hers.pay, asked), partial(hers.give_back, asked))
        assert returned is None
        assert paid is None or isinstance(paid, CashOutDecided)
        ends.add((type(paid), len(list_entries(asked.id).items)))
        assert (hers.balance, sum_of(BANK), sum_of(CASH_OUTS)) == (100_00, before, 0)
    assert ends == {(type(None), 3), (CashOutDecided, 2)}
    hers.check()


@pytest.mark.parametrize("was_paid", [False, True])
def test_what_does_not_arrive_is_credit_again_and_can_be_paid_out_anew(hers: Bounced, was_paid: bool) -> None:
    asked, before = hers.ask(100_00), sum_of(BANK)
    if was_paid:
        hers.pay(asked)
    returned = hers.give_back(asked)
    assert hers.give_back(asked) == returned
    assert (returned.status, hers.balance, sum_of(BANK)) == (CashOutStatus.RETURNED, 100_00, before)
    with pytest.raises(CashOutDecided):
        hers.pay(asked)
    hers.pay(hers.ask(100_00))
    hers.check()


def test_the_bank_s_reference_is_recorded_once(hers: Bounced) -> None:
    asked = hers.ask(60_00)
    assert hers.pay(asked) == hers.pay(asked)
    with pytest.raises(CashOutDecided):
        hers.pay(asked, BankTransfer(bank_reference="another"))
    assert len(list_entries(asked.id).items) == 2


def test_a_bank_transfer_that_nobody_makes_wakes_somebody_each_day(hers: Bounced) -> None:
    asked = hers.ask(60_00)
    subject, job = f"{hers.carla}/{asked.id}", system("wallet.check_cash_out")
    deps, now = wallet_deps(hers.stage.clock), hers.stage.clock.now()
    assert check_cash_out(subject, now, job, deps) is Checked.UNPAID
    hers.stage.advance(hours=24 * 9)
    assert list_cash_outs(hers.carla).items == (asked,), "nothing returns by itself"
    hers.pay(asked)
    assert check_cash_out(subject, now, job, deps) is Checked.MOOT


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("act", ["ask", "pay", "give_back"])
def test_a_crash_at_any_step_leaves_all_of_it_or_nothing(hers: Bounced, act: str, after: bool) -> None:
    acts: dict[str, Callable[[CashOut], object]] = {"pay": hers.pay, "give_back": hers.give_back}
    keyed = replace(SUE, request_key=RequestKey("one", "same"))
    asked = None if act == "ask" else hers.ask(60_00)
    with Steps(0, after).watching_transactions(), suppress(Died):
        hers.ask(60_00, by=keyed) if asked is None else acts[act](asked)
    hers.check()
    again = hers.ask(60_00, by=keyed) if asked is None else acts[act](asked)
    assert list_cash_outs(hers.carla).items == (again,)
    assert hers.balance == (100_00 if act == "give_back" else 40_00)
    hers.check()
