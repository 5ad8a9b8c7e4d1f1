"""Payouts from a provider's account to their bank are mirrored, whatever order Stripe tells of them in."""

import pytest

from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.payouts import BankPayoutStatus, FoundPayout, PayoutFailure
from callsheet.kernel.ids import new_id
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Principal, Role, system
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.payments.stripe_events import EventContent, EventObject, StripeEvent, concern_of
from callsheet.platform.records import EventItem
from callsheet.transfers.bank_payouts import PayoutQuery
from callsheet.transfers.check_payouts import check_payouts
from callsheet.transfers.converge_payout import converge_payout
from callsheet.transfers.list_payouts import list_payouts
from callsheet.transfers.payout_store import payouts_of
from tests.support.payouts import onboarded
from tests.support.stage import Stage, somebody

PAID, FAILED, CANCELED = BankPayoutStatus.PAID, BankPayoutStatus.FAILED, BankPayoutStatus.CANCELED
TEN = Money.whole(10, "USD")


def account_of(user: Principal) -> str:
    return f"acct_{user.id.removeprefix('usr_')}"


def sent(stage: Stage, amount: Money = TEN) -> FoundPayout:
    """Stripe pays the provider's account out."""
    return stage.bank_payouts.make(account_of(stage.pavel.user), amount)


def heard(stage: Stage, payout: FoundPayout) -> None:
    converge_payout(
        account_of(stage.pavel.user), payout.id, system("payments.apply_stripe_event"), stage.payouts
    )


def told(stage: Stage) -> list[str]:
    """What the provider's payouts have told the rest."""
    payouts, _ = payouts_of(stage.pavel.user.id, 20)
    return [item.document.name for one in payouts for item in EventItem.query(one.id)]


def the_status(stage: Stage) -> BankPayoutStatus:
    ((payout,), _) = payouts_of(stage.pavel.user.id, 20)
    return payout.status


def test_a_payout_is_followed_to_the_bank_without_a_posting(stage: Stage) -> None:
    payout = sent(stage)
    heard(stage, payout)
    assert the_status(stage) is BankPayoutStatus.PENDING
    stage.bank_payouts.move(payout.id, BankPayoutStatus.IN_TRANSIT)
    heard(stage, payout)
    assert the_status(stage) is BankPayoutStatus.IN_TRANSIT
    stage.bank_payouts.move(payout.id, PAID)
    heard(stage, payout)
    assert the_status(stage) is PAID
    assert told(stage) == ["payout.paid"]
    assert get_trial_balance().accounts == ()


def test_paid_may_come_before_created_and_both_twice(stage: Stage) -> None:
    payout = sent(stage)
    stage.bank_payouts.move(payout.id, PAID)
    for _ in range(4):
        heard(stage, payout)
    assert told(stage) == ["payout.paid"]


def test_what_was_paid_may_still_come_back_and_says_why(stage: Stage) -> None:
    payout = sent(stage)
    stage.bank_payouts.move(payout.id, PAID)
    heard(stage, payout)
    stage.bank_payouts.move(payout.id, FAILED, failure=PayoutFailure.ACCOUNT_CLOSED)
    heard(stage, payout)
    heard(stage, payout)
    ((kept,), _) = payouts_of(stage.pavel.user.id, 20)
    assert (kept.status, kept.failure) == (FAILED, PayoutFailure.ACCOUNT_CLOSED)
    assert told(stage) == ["payout.paid", "payout.failed"]


def test_what_has_come_back_stays_so(stage: Stage) -> None:
    payout = sent(stage)
    stage.bank_payouts.move(payout.id, FAILED, failure=PayoutFailure.OTHER)
    heard(stage, payout)
    stage.bank_payouts.move(payout.id, PAID)
    heard(stage, payout)
    assert the_status(stage) is FAILED


def test_a_payout_that_was_called_back_tells_nobody(stage: Stage) -> None:
    payout = sent(stage)
    stage.bank_payouts.move(payout.id, CANCELED)
    heard(stage, payout)
    assert the_status(stage) is CANCELED
    assert told(stage) == []


def test_payouts_of_an_account_that_is_nobodys_here_are_not_asked_for(stage: Stage) -> None:
    converge_payout("acct_elsewhere", "po_1", system("x"), stage.payouts)
    assert stage.bank_payouts.calls == []


def test_a_payout_is_looked_for_on_the_account_it_was_told_of(stage: Stage) -> None:
    other = somebody(Role.PROVIDER)
    onboarded(other, stage.clock)
    payout = sent(stage)
    converge_payout(account_of(other), payout.id, system("x"), stage.payouts)
    assert payouts_of(other.id, 20) == ([], None)
    assert payouts_of(stage.pavel.user.id, 20) == ([], None)


def test_while_stripe_is_away_nothing_is_written(stage: Stage) -> None:
    payout = sent(stage)
    stage.bank_payouts.is_away = True
    with pytest.raises(PaymentsUnavailable):
        heard(stage, payout)
    assert payouts_of(stage.pavel.user.id, 20) == ([], None)


def test_a_lost_webhook_heals_a_day_after_the_money_should_be_there(stage: Stage) -> None:
    payout = sent(stage)
    heard(stage, payout)
    stage.bank_payouts.move(payout.id, PAID)
    stage.advance(hours=71)
    assert the_status(stage) is BankPayoutStatus.PENDING
    stage.advance(hours=2)
    assert the_status(stage) is PAID
    assert not check_payouts(stage.pavel.user.id, stage.clock.now(), system("x"), stage.payouts)


def test_a_look_that_comes_a_month_too_late_looks_all_the_same(stage: Stage) -> None:
    payout = sent(stage)
    heard(stage, payout)
    stage.bank_payouts.move(payout.id, PAID)
    stage.advance(hours=24 * 60)
    assert the_status(stage) is PAID


def test_mine_are_listed_newest_first_page_by_page(stage: Stage) -> None:
    for units in (1, 2, 3):
        heard(stage, sent(stage, Money.whole(units, "USD")))
        stage.clock.moment = stage.clock.moment.replace(minute=units)
    page = list_payouts(PayoutQuery(limit=2), stage.pavel.user, stage.transfers)
    assert [one.amount.amount_minor for one in page.items] == [300, 200]
    rest = list_payouts(PayoutQuery(limit=2, cursor=page.next_cursor), stage.pavel.user, stage.transfers)
    assert [one.amount.amount_minor for one in rest.items] == [100]
    assert rest.next_cursor is None
    assert list_payouts(PayoutQuery(), somebody(Role.PROVIDER), stage.transfers).items == ()
    assert "po_" not in page.model_dump_json()


def test_an_event_of_a_payout_concerns_it_on_its_account_alone() -> None:
    content = EventContent(
        object=EventObject(object="payout", id="po_1", metadata={"subject": new_id("bkg")})
    )
    there = concern_of(StripeEvent(id="evt_1", type="payout.paid", account="acct_1", data=content))
    assert (there.account_id, there.payout_id, there.subject) == ("acct_1", "po_1", None)
    assert not concern_of(StripeEvent(id="evt_2", type="payout.paid", data=content)).is_ours
