"""A provider has their money at once: for a fee, once, and only while nothing speaks against it."""

from dataclasses import replace

import pytest

from callsheet.connect.errors import PayoutsNotEnabled
from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.payouts import BankPayoutStatus, PayoutFailure, PayoutMethod, PayoutRefusal
from callsheet.kernel.errors import CallsheetError, IdempotencyKeyReused
from callsheet.kernel.money import Money
from callsheet.kernel.principal import RequestKey, Role, system
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.ledger.list_entries import list_entries
from callsheet.ledger.payout_gate import PayoutsPaused, shut
from callsheet.platform.read import get_together
from callsheet.platform.transaction import Transaction
from callsheet.transfers.bank_payouts import BankPayoutView, PayInstantly
from callsheet.transfers.converge_payout import converge_payout
from callsheet.transfers.holding import hold_transfer
from callsheet.transfers.lifting import Lifting, lift_hold
from callsheet.transfers.model import Hold, HoldRecord
from callsheet.transfers.pay_instantly import fee_for, pay_instantly, quote_instant_payout
from callsheet.transfers.payout_errors import (
    InstantFundsInsufficient,
    InstantPayoutDisputed,
    InstantPayoutOwing,
    InstantPayoutRefused,
    InstantPayoutUnderWay,
)
from callsheet.transfers.payout_store import payouts_of, under_way_key
from callsheet.transfers.reading import load_transfer
from callsheet.transfers.store import add_debt, debts_of
from tests.support.crashes import Died, Steps
from tests.support.stage import Stage, somebody
from tests.support.truths import sum_of

JOB = system("test")
ALL = PayInstantly()
SOME = PayInstantly(amount=Money.of(5_000, "USD"))


def paid_out(stage: Stage, command: PayInstantly = ALL, key: RequestKey | None = None) -> BankPayoutView:
    return pay_instantly(command, replace(stage.pavel.user, request_key=key), stage.payouts)


def arrived(stage: Stage, status: BankPayoutStatus = BankPayoutStatus.PAID, **fields: object) -> None:
    """The bank has answered, and Stripe has told us, twice."""
    for payout_id, (account_id, _) in stage.bank_payouts.made.items():
        stage.bank_payouts.move(payout_id, status, **fields)
        for _ in range(2):
            converge_payout(account_id, payout_id, JOB, stage.payouts)


def check_nothing_happened(stage: Stage) -> None:
    assert stage.bank_payouts.made == {}
    assert payouts_of(stage.pavel.user.id, 20) == ([], None)
    assert get_together([under_way_key(stage.pavel.user.id)]) == [None]


def refused(stage: Stage, error: type[CallsheetError]) -> None:
    with pytest.raises(error):
        quote_instant_payout(stage.pavel.user, stage.payouts)
    with pytest.raises(error):
        paid_out(stage)
    check_nothing_happened(stage)


@pytest.mark.parametrize(
    ("amount", "fee"), [(8_381, 84), (8_349, 83), (8_350, 84), (50, 1), (49, 1), (1, 1), (150, 2)]
)
def test_the_fee_is_one_percent_half_up_and_never_nothing(amount: int, fee: int) -> None:
    assert fee_for(Money.of(amount, "USD")) == Money.of(fee, "USD")


def test_what_it_costs_is_said_before_and_is_what_it_costs(stage: Stage) -> None:
    quote = quote_instant_payout(stage.pavel.user, stage.payouts)
    assert (quote.amount, quote.fee, quote.net) == (
        Money.of(8_381, "USD"),
        Money.of(84, "USD"),
        Money.of(8_297, "USD"),
    )
    check_nothing_happened(stage)
    made = paid_out(stage)
    assert (made.amount, made.fee, made.method) == (quote.amount, quote.fee, PayoutMethod.INSTANT)
    assert made.status is BankPayoutStatus.PENDING
    assert debts_of(stage.pavel.user.id) == []


def test_the_fee_is_owed_once_the_money_is_there_and_balances(stage: Stage) -> None:
    made = paid_out(stage, SOME)
    arrived(stage)
    assert debts_of(stage.pavel.user.id) == [50]
    (entry,) = list_entries(made.id).items
    assert entry.cause == "instant_fee:po_1"
    assert sum_of(f"provider:{stage.pavel.user.id}:receivable") == 50
    assert sum_of("platform:fees_revenue") == -50
    assert get_trial_balance().is_balanced


def test_a_payout_that_fails_costs_nothing(stage: Stage) -> None:
    paid_out(stage, SOME)
    arrived(stage, BankPayoutStatus.FAILED, failure=PayoutFailure.DECLINED)
    assert debts_of(stage.pavel.user.id) == []
    assert get_trial_balance().accounts == ()


def test_the_next_transfer_pays_the_fee(stage: Stage) -> None:
    paid_out(stage, SOME)
    arrived(stage)
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    stage.complete(booking)
    stage.advance(hours=7 * 24)
    assert stage.transfer(booking).transferred == Money.of(8_381 - 50, "USD")
    assert debts_of(stage.pavel.user.id) == [0]
    assert sum_of(f"provider:{stage.pavel.user.id}:receivable") == 0
    paid_out(stage, SOME)


def test_nothing_leaves_while_a_dispute_is_open(stage: Stage) -> None:
    booking, now = stage.accepted(), stage.clock.now()
    txn = Transaction(JOB, now)
    hold = HoldRecord(hold=Hold.DISPUTE, placed_by="stripe", placed_at=now)
    hold_transfer(txn, load_transfer(booking.id), hold)
    txn.commit()
    refused(stage, InstantPayoutDisputed)
    txn = Transaction(JOB, now)
    lift_hold(txn, load_transfer(booking.id), Hold.DISPUTE, Lifting(lifted_by="stripe", lifted_at=now))
    txn.commit()
    paid_out(stage)


def test_a_hold_of_finance_on_one_booking_keeps_nothing_else_back(stage: Stage) -> None:
    booking, now = stage.accepted(), stage.clock.now()
    txn = Transaction(JOB, now)
    hold_transfer(
        txn, load_transfer(booking.id), HoldRecord(hold=Hold.FINANCE, placed_by="usr_1", placed_at=now)
    )
    txn.commit()
    paid_out(stage)


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_whoever_owes_anything_waits_for_the_next_transfer(stage: Stage, currency: str) -> None:
    txn = Transaction(JOB, stage.clock.now())
    add_debt(txn, stage.pavel.user.id, Money.of(1, currency))
    txn.commit()
    refused(stage, InstantPayoutOwing)


def test_nobody_is_paid_out_without_an_account(stage: Stage) -> None:
    stranger = somebody(Role.PROVIDER)
    with pytest.raises(PayoutsNotEnabled):
        quote_instant_payout(stranger, stage.payouts)
    with pytest.raises(PayoutsNotEnabled):
        pay_instantly(ALL, stranger, stage.payouts)
    assert stage.bank_payouts.calls == []


def test_nothing_leaves_while_the_books_differ(stage: Stage) -> None:
    txn = Transaction(JOB, stage.clock.now())
    shut(txn, "2026-03-01")
    txn.commit()
    refused(stage, PayoutsPaused)


def test_where_nothing_is_available_there_is_nothing_to_quote(stage: Stage) -> None:
    stage.bank_payouts.funds = (Money.of(0, "USD"),)
    refused(stage, InstantFundsInsufficient)


@pytest.mark.parametrize("amount", [Money.of(8_382, "USD"), Money.of(1, "EUR")])
def test_more_than_is_available_is_refused(stage: Stage, amount: Money) -> None:
    with pytest.raises(InstantFundsInsufficient):
        paid_out(stage, PayInstantly(amount=amount))
    check_nothing_happened(stage)


def test_what_stripe_refuses_frees_the_way_for_another(stage: Stage) -> None:
    stage.bank_payouts.refuses = PayoutRefusal.UNSUPPORTED
    with pytest.raises(InstantPayoutRefused) as refusal:
        paid_out(stage)
    assert refusal.value.extra == {"reason": "unsupported"}
    check_nothing_happened(stage)
    stage.bank_payouts.refuses = None
    paid_out(stage)


def test_a_key_pays_once_and_answers_the_same(stage: Stage) -> None:
    key = RequestKey("k-1", "f-1")
    assert paid_out(stage, SOME, key) == paid_out(stage, SOME, key)
    assert len(stage.bank_payouts.made) == 1
    with pytest.raises(IdempotencyKeyReused):
        paid_out(stage, ALL, RequestKey("k-1", "f-2"))


def test_a_key_that_was_refused_by_stripe_stays_refused(stage: Stage) -> None:
    key = RequestKey("k-1", "f-1")
    stage.bank_payouts.refuses = PayoutRefusal.FUNDS
    for _ in range(2):
        with pytest.raises(InstantFundsInsufficient):
            paid_out(stage, SOME, key)
        stage.bank_payouts.refuses = None
    check_nothing_happened(stage)


def test_two_at_once_pay_once(stage: Stage) -> None:
    stage.bank_payouts.loses_answers = True
    with pytest.raises(PaymentsUnavailable):
        paid_out(stage, SOME)
    with pytest.raises(InstantPayoutUnderWay):
        paid_out(stage, SOME)
    assert len(stage.bank_payouts.made) == 1


def test_a_lost_answer_is_found_by_the_look_that_was_arranged(stage: Stage) -> None:
    stage.bank_payouts.loses_answers = True
    with pytest.raises(PaymentsUnavailable):
        paid_out(stage, SOME)
    stage.advance(minutes=2)
    ((payout,), _) = payouts_of(stage.pavel.user.id, 20)
    assert payout.fee == Money.of(50, "USD")
    assert "find_payout" in stage.bank_payouts.calls
    assert len(stage.bank_payouts.made) == 1
    assert get_together([under_way_key(stage.pavel.user.id)]) == [None]


def test_a_webhook_may_be_faster_than_the_answer(stage: Stage) -> None:
    key = RequestKey("k-1", "f-1")
    stage.bank_payouts.loses_answers = True
    with pytest.raises(PaymentsUnavailable):
        paid_out(stage, SOME, key)
    arrived(stage)
    answered = paid_out(stage, SOME, key)
    assert (answered.status, answered.fee) == (BankPayoutStatus.PAID, Money.of(50, "USD"))
    assert debts_of(stage.pavel.user.id) == [50]
    stage.advance(minutes=5)
    assert debts_of(stage.pavel.user.id) == [50]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [0, 1])
def test_a_process_that_dies_is_finished_by_another(stage: Stage, at: int, after: bool) -> None:
    steps = Steps(at, after)
    with steps.watching_transactions(), pytest.raises(Died):
        paid_out(stage, SOME)
    stage.advance(minutes=2)
    was_ordered = (at, after) != (0, False)
    assert len(stage.bank_payouts.made) == len(payouts_of(stage.pavel.user.id, 20)[0]) == int(was_ordered)
    assert get_together([under_way_key(stage.pavel.user.id)]) == [None]
