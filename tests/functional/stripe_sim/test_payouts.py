"""Payouts of connected accounts: by the clock, by hand, at once, and what the bank does with them."""

import json

import pytest
import stripe

from tests.functional.stripe_sim.conftest import MovingClock
from tests.functional.stripe_sim.payments import captured
from tests.support.stripe import SimulatedStripe


@pytest.fixture
def funded(account: str, sim: SimulatedStripe, api: stripe.V1Services) -> str:
    """An onboarded account with 80.00 in its balance."""
    captured(api, "pm_card_bypassPending")
    api.transfers.create({"amount": 8_000, "currency": "usd", "destination": account})
    sim.event_types()
    return account


def payouts_of(api: stripe.V1Services, account: str) -> list[stripe.Payout]:
    return api.payouts.list({}, {"stripe_account": account}).data


def available(api: stripe.V1Services, account: str) -> int:
    return api.balance.retrieve({}, {"stripe_account": account}).available[0].amount


def _by_hand(api: stripe.V1Services, account: str, amount: int = 5_000, **more: str) -> stripe.Payout:
    return api.payouts.create(
        {"amount": amount, "currency": "usd", **more},  # type: ignore[typeddict-item]
        {"stripe_account": account},
    )


def _set(api: stripe.V1Services, account: str, **schedule: object) -> None:
    api.accounts.update(account, {"settings": {"payouts": {"schedule": schedule}}})  # type: ignore[arg-type]


def _new_bank(api: stripe.V1Services, account: str, token: str) -> str:
    return api.accounts.external_accounts.create(
        account, {"external_account": token, "default_for_currency": True}
    ).id


def test_money_goes_to_the_bank_every_day(
    funded: str, clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    assert payouts_of(api, funded) == []
    clock.advance(days=1)
    (payout,) = payouts_of(api, funded)
    assert (payout.amount, payout.automatic, payout.status) == (8_000, True, "pending")
    assert available(api, funded) == 0
    clock.advance(days=2)
    (paid,) = payouts_of(api, funded)
    assert (paid.status, paid.reconciliation_status) == ("paid", "completed")
    events = [json.loads(payload) for payload, _ in sim.deliveries()]
    assert [event["type"] for event in events] == [
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.reconciliation_completed",
    ]
    assert {event["account"] for event in events} == {funded}


def test_a_payout_says_what_it_was_made_of(funded: str, clock: MovingClock, api: stripe.V1Services) -> None:
    clock.advance(days=1)
    (payout,) = payouts_of(api, funded)
    made_of = api.balance_transactions.list({"payout": payout.id}, {"stripe_account": funded}).data
    assert [one.type for one in made_of] == ["payout", "payment"]
    assert sum(one.net for one in made_of) == 0


def test_a_clock_that_jumps_leaves_out_no_day(
    funded: str, clock: MovingClock, api: stripe.V1Services
) -> None:
    clock.advance(days=10)
    (payout,) = payouts_of(api, funded)
    assert payout.status == "paid"
    assert payout.arrival_date - payout.created == 2 * 24 * 3600


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ({"interval": "weekly", "weekly_anchor": "friday"}, 7),
        ({"interval": "monthly", "monthly_anchor": 3}, 2),
    ],
)
def test_money_waits_for_its_day(  # the first of May 2026 is a Friday
    schedule: dict[str, object], days: int, funded: str, clock: MovingClock, api: stripe.V1Services
) -> None:
    _set(api, funded, **schedule)
    clock.advance(days=days - 1)
    assert payouts_of(api, funded) == []
    clock.advance(days=1)
    assert [one.amount for one in payouts_of(api, funded)] == [8_000]


def test_by_hand_only(funded: str, clock: MovingClock, api: stripe.V1Services) -> None:
    _set(api, funded, interval="manual")
    clock.advance(days=5)
    assert payouts_of(api, funded) == []
    payout = _by_hand(api, funded)
    assert (payout.automatic, payout.status, available(api, funded)) == (False, "pending", 3_000)
    with pytest.raises(stripe.InvalidRequestError) as not_automatic:
        api.balance_transactions.list({"payout": payout.id}, {"stripe_account": funded})
    assert not_automatic.value.param == "payout"


def test_nobody_is_paid_more_than_there_is(funded: str, api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _by_hand(api, funded, 8_001)
    assert refusal.value.code == "balance_insufficient"
    assert payouts_of(api, funded) == []


def test_a_stopped_account_is_not_paid(
    funded: str, clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    sim.control("POST", f"/_sim/accounts/{funded}", {"require": ["individual.id_number"]})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _by_hand(api, funded)
    assert refusal.value.code == "payouts_not_allowed"
    clock.advance(days=3)
    assert payouts_of(api, funded) == []
    assert available(api, funded) == 8_000


def test_instant_is_for_cards_and_costs_a_fee(
    funded: str, clock: MovingClock, api: stripe.V1Services
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _by_hand(api, funded, method="instant")
    assert refusal.value.code == "instant_payouts_unsupported"
    _new_bank(api, funded, "tok_visa_debit_us_transferSuccess")
    balance = api.balance.retrieve({}, {"stripe_account": funded})
    assert balance.instant_available is not None
    (instant,) = balance.instant_available
    assert instant.net_available is not None
    assert (instant.amount, instant.net_available[0].amount) == (8_000, 7_920)
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        _by_hand(api, funded, 8_000, method="instant")
    assert too_much.value.code == "balance_insufficient"
    payout = _by_hand(api, funded, 7_000, method="instant")
    assert (payout.method, available(api, funded)) == ("instant", 930)
    (moved,) = api.balance_transactions.list({"source": payout.id}, {"stripe_account": funded}).data
    assert (moved.fee, moved.net) == (70, -7_070)
    clock.advance(minutes=30)
    assert payouts_of(api, funded)[0].status == "paid"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("btok_us_verified_noAccount", "no_account"),
        ("btok_us_verified_accountClosed", "account_closed"),
        ("btok_us_verified_insufficientFunds", "insufficient_funds"),
        ("btok_us_verified_debitNotAuthorized", "debit_not_authorized"),
        ("btok_us_verified_invalidCurrency", "invalid_currency"),
        ("tok_visa_debit_us_transferFail", "could_not_process"),
    ],
)
def test_the_bank_sends_money_back(
    token: str, code: str, funded: str, clock: MovingClock, api: stripe.V1Services
) -> None:
    bank = _new_bank(api, funded, token)
    payout = _by_hand(api, funded)
    clock.advance(days=2)
    failed = api.payouts.retrieve(
        payout.id, {"expand": ["failure_balance_transaction"]}, {"stripe_account": funded}
    )
    assert (failed.status, failed.failure_code, failed.destination) == ("failed", code, bank)
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert failed.failure_balance_transaction.type == "payout_failure"
    assert failed.failure_balance_transaction.net == 5_000
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _by_hand(api, funded)
    assert refusal.value.code in {"bank_account_unusable", "balance_insufficient"}


def test_a_number_of_ones_own_may_fail_too(funded: str, clock: MovingClock, api: stripe.V1Services) -> None:
    bank = {
        "object": "bank_account",
        "account_number": "000111111116",
        "country": "US",
        "currency": "usd",
        "routing_number": "110000000",
    }
    api.accounts.external_accounts.create(
        funded,
        {"external_account": bank, "default_for_currency": True},  # type: ignore[typeddict-item]
    )
    clock.advance(days=5)
    (payout,) = payouts_of(api, funded)
    assert (payout.status, payout.failure_code) == ("failed", "no_account")
    assert available(api, funded) == 8_000  # and it stays there
    _new_bank(api, funded, "btok_us_verified")
    clock.advance(days=1)
    assert [one.amount for one in payouts_of(api, funded)] == [8_000, 8_000]


def test_what_was_paid_may_still_come_back(
    funded: str, clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    payout = _by_hand(api, funded, 8_000)
    sim.control("POST", f"/_sim/payouts/{payout.id}", {"outcome": "paid"})
    assert payouts_of(api, funded)[0].status == "paid"
    sim.event_types()
    sim.control("POST", f"/_sim/payouts/{payout.id}", {"outcome": "failed", "failure_code": "account_closed"})
    assert sim.event_types() == ["payout.failed", "account.external_account.updated"]
    assert payouts_of(api, funded)[0].failure_code == "account_closed"
    assert available(api, funded) == 8_000


def test_a_pending_payout_is_called_back(
    funded: str, clock: MovingClock, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    payout = _by_hand(api, funded)
    sim.event_types()
    assert api.payouts.cancel(payout.id, {}, {"stripe_account": funded}).status == "canceled"
    assert sim.event_types() == ["payout.canceled"]
    assert available(api, funded) == 8_000
    with pytest.raises(stripe.InvalidRequestError):
        api.payouts.cancel(payout.id, {}, {"stripe_account": funded})


def test_a_payout_keeps_what_it_is_told(funded: str, api: stripe.V1Services) -> None:
    payout = _by_hand(api, funded)
    told = api.payouts.update(payout.id, {"metadata": {"a": "b"}}, {"stripe_account": funded})
    assert told.metadata is not None
    assert told.metadata.to_dict() == {"a": "b"}
    with pytest.raises(stripe.InvalidRequestError) as elsewhere:
        api.payouts.retrieve(payout.id)  # it is not the platform's
    assert elsewhere.value.code == "resource_missing"
    with pytest.raises(stripe.InvalidRequestError) as ours:
        api.payouts.create({"amount": 1, "currency": "usd"})
    assert ours.value.code == "simulator_unsupported"
