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
