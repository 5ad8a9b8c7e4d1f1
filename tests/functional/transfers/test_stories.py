"""Stories that random histories of money have told (tests/simulation/test_money.py), one each."""

from callsheet.gateways.refusals import TransferRefusal
from callsheet.kernel.money import Money
from callsheet.kernel.principal import Role
from callsheet.transfers.commands import SetReserve
from callsheet.transfers.model import TransferStatus
from callsheet.transfers.set_reserve import set_reserve
from tests.support.earning import an_old_hand
from tests.support.stage import Stage, somebody
from tests.support.truths import check_at_rest, sum_of


def test_a_reserve_whose_time_ends_while_stripe_refuses_the_rest_is_paid_with_it(stage: Stage) -> None:
    """The account is stopped for longer than the reserve's days: its release once ended as a dead letter, for ever."""
    an_old_hand(stage)
    reserve = SetReserve(percent=10, days=3, reason="Many disputes")
    set_reserve(stage.pavel.user.id, reserve, somebody(Role.FINANCE), stage.transfers)
    stage.stripe_transfers.refuses = TransferRefusal.ACCOUNT
    booking = stage.accepted(in_hours=30)
    stage.advance(hours=33)
    stage.complete(booking)
    stage.sweep()
    refused = stage.transfer(booking)
    assert (refused.status, refused.reserved) == (TransferStatus.DUE, Money.of(838, "USD"))
    stage.advance(hours=4 * 24)
    assert stage.transfer(booking).reserved is None
    assert sum_of(f"reserve:{stage.pavel.user.id}") == 0
    stage.stripe_transfers.refuses = None
    stage.advance(hours=24)
    paid = stage.transfer(booking)
    assert paid.status is TransferStatus.TRANSFERRED
    assert paid.transferred == stage.case(booking).booking.price.provider_net
    check_at_rest(stage)
