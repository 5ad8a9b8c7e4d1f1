"""Our transfer gateway over the simulator: the port of `gateways/transfers.py` on Stripe's wire."""

import pytest
import stripe

from callsheet.gateways.errors import PaymentsUnavailable
from callsheet.gateways.refusals import TransferRefusal
from callsheet.gateways.stripe_transfers import StripeTransfers
from callsheet.gateways.transfers import TransferOrder, TransferRefused
from callsheet.kernel.money import Money
from tests.functional.stripe_sim.payments import captured
from tests.support.stripe import SimulatedStripe


@pytest.fixture
def gateway(tables: None, sim: SimulatedStripe) -> StripeTransfers:
    return StripeTransfers(http_client=sim)


def _order(account: str, charge_id: str | None, amount: int = 4_000) -> TransferOrder:
    return TransferOrder(
        key="trf_1/1",
        group="bkg_1",
        account_id=account,
        amount=Money.of(amount, "USD"),
        charge_id=charge_id,
    )


@pytest.fixture
def charge(api: stripe.V1Services) -> str:
    """Money that is not available yet."""
    made = captured(api).latest_charge
    return made if isinstance(made, str) else str(made and made.id)


def _made(sim: SimulatedStripe) -> int:
    return len(sim.simulator.world.kept("transfer"))


def test_pending_money_of_a_charge_is_passed_on_once(
    gateway: StripeTransfers, account: str, charge: str, sim: SimulatedStripe
) -> None:
    order = _order(account, charge)
    assert gateway.transfer(order) == gateway.transfer(order) == gateway.find_transfer(order)
    assert _made(sim) == 1


def test_without_a_charge_the_balance_must_suffice(
    gateway: StripeTransfers, account: str, charge: str, sim: SimulatedStripe
) -> None:
    with pytest.raises(TransferRefused) as refused:
        gateway.transfer(_order(account, None))
    assert refused.value.reason is TransferRefusal.BALANCE
    assert _made(sim) == 0


def test_an_account_without_the_capability_takes_nothing(
    gateway: StripeTransfers, api: stripe.V1Services, charge: str, sim: SimulatedStripe
) -> None:
    raw = api.accounts.create(
        {"type": "express", "country": "US", "capabilities": {"transfers": {"requested": True}}}
    ).id
    with pytest.raises(TransferRefused) as refused:
        gateway.transfer(_order(raw, charge))
    assert refused.value.reason is TransferRefusal.ACCOUNT
    assert _made(sim) == 0


def test_a_lost_answer_is_found(
    gateway: StripeTransfers, account: str, charge: str, sim: SimulatedStripe
) -> None:
    order = _order(account, charge)
    assert gateway.find_transfer(order) is None
    sim.fail("/v1/transfers", "applied_then_timeout", times=2)
    with pytest.raises(PaymentsUnavailable):
        gateway.transfer(order)
    found = gateway.find_transfer(order)
    assert found is not None
    assert found == gateway.transfer(order)
    assert _made(sim) == 1


def test_parts_are_taken_back_until_nothing_is_left(
    gateway: StripeTransfers, account: str, charge: str, sim: SimulatedStripe
) -> None:
    made = gateway.transfer(_order(account, charge))
    taken = gateway.reverse(made.id, Money.of(1_000, "USD"), "rfd_1/1")
    assert taken == gateway.reverse(made.id, Money.of(1_000, "USD"), "rfd_1/1")
    assert taken == gateway.find_reversal(made.id, "rfd_1/1")
    with pytest.raises(PaymentsUnavailable):  # nobody's debt: we have asked for more than there is
        gateway.reverse(made.id, Money.of(3_001, "USD"), "rfd_2/1")
    assert gateway.find_reversal(made.id, "rfd_2/1") is None
    assert sim.simulator.world.kept("transfer")[made.id]["amount_reversed"] == 1_000


def test_a_reversal_whose_answer_is_lost_is_found(
    gateway: StripeTransfers, account: str, charge: str, sim: SimulatedStripe
) -> None:
    made = gateway.transfer(_order(account, charge))
    sim.fail(f"/v1/transfers/{made.id}/reversals", "applied_then_timeout", times=2)
    with pytest.raises(PaymentsUnavailable):
        gateway.reverse(made.id, Money.of(1_000, "USD"), "rfd_1/1")
    found = gateway.find_reversal(made.id, "rfd_1/1")
    assert found is not None
    assert found.amount == Money.of(1_000, "USD")
