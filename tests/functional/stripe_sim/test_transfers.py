"""Transfers to connected accounts."""

import pytest
import stripe

from tests.functional.stripe_sim.conftest import MovingClock
from tests.functional.stripe_sim.payments import captured, charge_of
from tests.support.stripe import SimulatedStripe


def test_a_transfer_follows_its_charge(account: str, sim: SimulatedStripe, api: stripe.V1Services) -> None:
    charge = charge_of(captured(api, transfer_group="bkg_1"))
    sim.event_types()
    transfer = api.transfers.create(
        {"amount": 8_000, "currency": "usd", "destination": account, "source_transaction": charge.id}
    )
    assert (transfer.transfer_group, transfer.source_transaction) == ("bkg_1", charge.id)
    assert sim.event_types() == ["transfer.created"]
    with pytest.raises(stripe.InvalidRequestError):
        api.transfers.create(
            {"amount": 2_001, "currency": "usd", "destination": account, "source_transaction": charge.id}
        )
    assert [one.id for one in api.transfers.list({"transfer_group": "bkg_1"}).data] == [transfer.id]
    assert api.transfers.update(transfer.id, {"description": "Shoot"}).description == "Shoot"


def test_a_transfer_from_the_balance_waits_for_the_money(
    account: str, clock: MovingClock, api: stripe.V1Services
) -> None:
    captured(api)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.transfers.create({"amount": 5_000, "currency": "usd", "destination": account})
    assert refusal.value.code == "balance_insufficient"
    clock.advance(days=2)
    transfer = api.transfers.create({"amount": 5_000, "currency": "usd", "destination": account})
    assert api.transfers.retrieve(transfer.id).amount == 5_000
    assert api.balance.retrieve().available[0].amount == 4_680


def test_the_money_of_some_cards_is_there_at_once(account: str, api: stripe.V1Services) -> None:
    captured(api, "pm_card_bypassPending")
    assert api.transfers.create({"amount": 9_680, "currency": "usd", "destination": account}).amount == 9_680


def test_a_transfer_goes_to_an_account(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.transfers.create({"amount": 1, "currency": "usd", "destination": "acct_nobody"})
    assert refusal.value.param == "destination"


def _transferred(api: stripe.V1Services, account: str, amount: int = 8_000) -> stripe.Transfer:
    """All but 16.80 of a payment that is available at once."""
    captured(api, "pm_card_bypassPending")
    return api.transfers.create({"amount": amount, "currency": "usd", "destination": account})


def test_money_goes_only_where_it_may_arrive(
    account: str, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    captured(api, "pm_card_bypassPending")
    sim.control("POST", f"/_sim/accounts/{account}", {"require": ["individual.verification.document"]})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.transfers.create({"amount": 1, "currency": "usd", "destination": account})
    assert refusal.value.code == "insufficient_capabilities_for_transfer"
    assert api.transfers.list().data == []
    assert api.balance.retrieve().available[0].amount == 9_680


def test_a_transfer_waits_with_the_charge_it_is_made_of(
    account: str, clock: MovingClock, api: stripe.V1Services
) -> None:
    charge = charge_of(captured(api))
    api.transfers.create(
        {"amount": 8_000, "currency": "usd", "destination": account, "source_transaction": charge.id}
    )
    theirs = api.balance.retrieve({}, {"stripe_account": account})
    assert (theirs.available[0].amount, theirs.pending[0].amount) == (0, 8_000)
    ours = api.balance.retrieve()
    assert (ours.available[0].amount, ours.pending[0].amount) == (0, 1_680)
    clock.advance(days=1, hours=23)
    assert api.balance.retrieve({}, {"stripe_account": account}).available[0].amount == 0


def test_the_account_sees_a_payment(account: str, api: stripe.V1Services) -> None:
    transfer = _transferred(api, account)
    (seen,) = api.balance_transactions.list({"expand": ["data.source"]}, {"stripe_account": account}).data
    assert (seen.type, seen.reporting_category, seen.net) == ("payment", "charge", 8_000)
    assert isinstance(seen.source, stripe.Charge)
    assert (seen.source.id, seen.source.source_transfer) == (transfer.destination_payment, transfer.id)
    (sent,) = api.balance_transactions.list({"type": "transfer"}).data
    assert (sent.id, sent.source, sent.net) == (transfer.balance_transaction, transfer.id, -8_000)
    found = api.transfers.retrieve(transfer.id, {"expand": ["destination_payment.balance_transaction"]})
    assert isinstance(found.destination_payment, stripe.Charge)


def test_parts_are_taken_back_until_nothing_is_left(
    account: str, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    transfer = _transferred(api, account)
    sim.event_types()
    part = api.transfers.reversals.create(transfer.id, {"amount": 3_000, "metadata": {"key": "a"}})
    assert sim.event_types() == ["transfer.reversed"]
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        api.transfers.reversals.create(transfer.id, {"amount": 5_001})
    assert too_much.value.param == "amount"
    found = api.transfers.retrieve(transfer.id)
    assert (found.amount_reversed, found.reversed) == (3_000, False)
    assert [one.id for one in found.reversals.data] == [part.id]
    rest = api.transfers.reversals.create(transfer.id, {"expand": ["balance_transaction", "transfer"]})
    assert isinstance(rest.balance_transaction, stripe.BalanceTransaction)
    assert (rest.balance_transaction.type, rest.balance_transaction.net) == ("transfer_refund", 5_000)
    assert isinstance(rest.transfer, stripe.Transfer)
    assert rest.transfer.reversed
    with pytest.raises(stripe.InvalidRequestError, match="already fully reversed"):
        api.transfers.reversals.create(transfer.id)
    assert [one.id for one in api.transfers.reversals.list(transfer.id).data] == [rest.id, part.id]
    metadata = api.transfers.reversals.retrieve(transfer.id, part.id).metadata
    assert metadata is not None
    assert metadata.to_dict() == {"key": "a"}
    assert api.balance.retrieve().available[0].amount == 9_680
    assert api.balance.retrieve({}, {"stripe_account": account}).available[0].amount == 0
    kinds = [one.type for one in api.balance_transactions.list({}, {"stripe_account": account}).data]
    assert kinds == ["payment_refund", "payment_refund", "payment"]


def test_what_the_account_has_spent_is_not_taken_back(
    account: str, sim: SimulatedStripe, api: stripe.V1Services
) -> None:
    transfer = _transferred(api, account)
    sim.control(
        "POST", "/_sim/balance_transactions", {"type": "adjustment", "amount": -8_000, "account": account}
    )
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.transfers.reversals.create(transfer.id)
    assert refusal.value.code == "balance_insufficient"
    assert api.transfers.retrieve(transfer.id).amount_reversed == 0


def test_a_fee_of_stripe_is_a_movement_of_its_own(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    sim.control(
        "POST", "/_sim/balance_transactions", {"type": "stripe_fee", "amount": -200, "description": "Connect"}
    )
    (fee,) = api.balance_transactions.list({"type": "stripe_fee"}).data
    assert (fee.net, fee.reporting_category, fee.source) == (-200, "fee", None)


def test_keys_are_kept_apart_by_account(account: str, sim: SimulatedStripe, api: stripe.V1Services) -> None:
    _transferred(api, account, 2_000)
    first = api.transfers.create(
        {"amount": 100, "currency": "usd", "destination": account}, {"idempotency_key": "k"}
    )
    again = api.transfers.create(
        {"amount": 100, "currency": "usd", "destination": account}, {"idempotency_key": "k"}
    )
    assert first.id == again.id
    assert len(api.transfers.list().data) == 2
    assert sim.requests[-1]["account"] is None
