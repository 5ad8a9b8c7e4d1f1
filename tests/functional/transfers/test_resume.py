"""Money that has waited for its provider's account is paid as soon as the account takes it, not hours later."""

import json
from datetime import timedelta

import pytest

from callsheet.bookings.model import BookingView
from callsheet.connect.model import PayoutStatus
from callsheet.connect.store import save_account, stored_account
from callsheet.gateways.refusals import TransferRefusal
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import system
from callsheet.platform.transaction import Transaction
from callsheet.transfers.model import Delay, TransferStatus
from callsheet.transfers.paying import Released
from callsheet.transfers.planning import FIRST_TRANSFERS
from callsheet.transfers.release_transfer import release_transfer
from callsheet.transfers.resume_transfers import Resumes, resume_transfers
from callsheet.transfers.store import count_transfer
from functions.transfers.resume_transfers import handler
from tests.support.calls import calls
from tests.support.crashes import Died, Steps
from tests.support.earning import JOB, an_old_hand, completed
from tests.support.meanwhile import Meanwhile
from tests.support.stage import Stage
from tests.support.truths import check_at_rest


def enabled(stage: Stage) -> int:
    """Pavel's account is enabled; how much of his money is looked at."""
    return resume_transfers(Resumes.ACCOUNT_ENABLED, stage.pavel.user.id, JOB, stage.transfers)


def paid(stage: Stage) -> int:
    """The same when Pavel hears that he was paid."""
    return resume_transfers(Resumes.TRANSFER_PAID, stage.pavel.user.id, JOB, stage.transfers)


def delivered(name: str = "payout_account.enabled", **payload: object) -> list[dict[str, str]]:
    """The event from the queue; the messages that go back to it."""
    about = {"event_id": new_id("evt"), "payload": payload}
    body = {"id": new_id("bus"), "detail-type": name, "detail": about}
    return handler({"Records": [{"messageId": "1", "body": json.dumps(body)}]}, None)["batchItemFailures"]


def account(stage: Stage, status: PayoutStatus) -> None:
    """Stripe stops Pavel's account, or lets it go on."""
    stored = stored_account(stage.pavel.user.id)
    assert stored is not None
    txn = Transaction(system("connect.check_account"), stage.clock.now())
    save_account(txn, stored, stored.document.model_copy(update={"status": status}))
    txn.commit()


def counted(stage: Stage, times: int) -> None:
    """Pavel was paid for so many bookings."""
    for _ in range(times):
        txn = Transaction(JOB, stage.clock.now())
        count_transfer(txn, stage.pavel.user.id)
        txn.commit()


def kept_back(stage: Stage) -> BookingView:
    """A completed booking whose provider cannot be paid."""
    an_old_hand(stage)
    booking = stage.accepted(in_hours=30)
    account(stage, PayoutStatus.RESTRICTED)
    stage.advance(hours=33)
    stage.complete(booking)
    stage.sweep()
    assert stage.transfer(booking).delay is Delay.ACCOUNT_NOT_READY
    return booking


def test_what_waited_for_the_account_is_paid_at_once_when_it_is_enabled(stage: Stage) -> None:
    booking = kept_back(stage)
    account(stage, PayoutStatus.ACTIVE)
    stage.sweep()
    assert stage.transfer(booking).status is TransferStatus.DUE, "nobody has looked yet"
    assert enabled(stage) == 1
    stage.sweep()
    assert stage.transfer(booking).status is TransferStatus.TRANSFERRED
    assert stage.stripe_transfers.calls == ["transfer"]


def test_the_event_twice_and_too_early_pays_nothing_twice(stage: Stage) -> None:
    booking = kept_back(stage)
    assert enabled(stage) == 1
    stage.sweep()
    assert stage.transfer(booking).delay is Delay.ACCOUNT_NOT_READY, "the account is still stopped"
    account(stage, PayoutStatus.ACTIVE)
    assert enabled(stage) == enabled(stage) == 1
    stage.sweep()
    assert enabled(stage) == 0
    stage.sweep()
    assert stage.stripe_transfers.calls == ["transfer"]


def test_what_waits_for_something_else_or_for_nothing_is_left_alone(stage: Stage) -> None:
    new_hand, sold = completed(stage), stage.accepted(in_hours=30)
    stage.sweep()
    before = [stage.transfer(booking) for booking in (new_hand, sold)]
    assert before[0].delay is Delay.NEW_PROVIDER
    with calls() as made:
        assert enabled(stage) == 0
    assert made == ["Query"]
    assert [stage.transfer(booking) for booking in (new_hand, sold)] == before


def test_the_event_from_the_queue_arranges_a_look_and_one_that_names_nobody_is_dead(stage: Stage) -> None:
    booking = kept_back(stage)
    assert delivered(user_id=stage.pavel.user.id, since="a field added later") == []
    looked_at = stage.transfer(booking).next_look_at
    assert looked_at is not None
    assert looked_at > stage.clock.now() + timedelta(days=1), "the function has a clock of its own"
    assert delivered() == [{"itemIdentifier": "1"}]


def test_a_sixth_booking_waits_no_longer_than_until_five_were_paid(stage: Stage) -> None:
    """Earned a day after the fifth: nothing but that fifth's seven days keeps it."""
    counted(stage, FIRST_TRANSFERS - 1)
    fifth = completed(stage)
    stage.advance(hours=24)
    sixth = completed(stage)
    stage.sweep()
    assert {stage.transfer(one).delay for one in (fifth, sixth)} == {Delay.NEW_PROVIDER}
    with calls() as made:
        assert paid(stage) == 0
    assert made == ["BatchGetItem"], "nothing is looked for before five were paid"
    stage.advance(hours=24 * 7 - 57)
    assert stage.transfer(fifth).status is TransferStatus.TRANSFERRED
    assert stage.transfer(sixth).status is TransferStatus.DUE
    assert paid(stage) == 1
    stage.sweep()
    assert stage.transfer(sixth).status is TransferStatus.TRANSFERRED
    assert paid(stage) == 0


def test_who_begins_to_wait_while_the_fifth_is_paid_does_not_wait(stage: Stage) -> None:
    """The event of the fifth has been heard by the time the sixth would begin to: nobody would look for a week."""
    counted(stage, FIRST_TRANSFERS - 1)
    sixth = completed(stage)

    def fifth_is_paid() -> None:
        counted(stage, 1)
        assert paid(stage) == 0, "nobody waits yet"

    with Meanwhile(0, other=fifth_is_paid).watching_transactions():
        release_transfer(sixth.id, JOB, stage.paying)
    assert stage.transfer(sixth).status is TransferStatus.TRANSFERRED
    assert stage.stripe_transfers.calls == ["transfer"]


def test_who_waits_as_a_newcomer_and_was_never_paid_waits(stage: Stage) -> None:
    first = completed(stage)
    assert release_transfer(first.id, JOB, stage.paying) is Released.WAITS
    assert stage.transfer(first).delay is Delay.NEW_PROVIDER


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [0, 1])
def test_whoever_resumes_may_die_at_any_step_and_goes_on_when_asked_again(
    stage: Stage, at: int, after: bool
) -> None:
    an_old_hand(stage)
    bookings = [stage.accepted(in_hours=hours) for hours in (30, 34)]
    account(stage, PayoutStatus.RESTRICTED)
    stage.advance(hours=37)
    for booking in bookings:
        stage.complete(booking)
    stage.sweep()
    account(stage, PayoutStatus.ACTIVE)
    with Steps(at, after).watching_transactions(), pytest.raises(Died):
        enabled(stage)
    stage.sweep()
    assert enabled(stage) == 2 - (at + after), "those it has come to are paid"
    stage.sweep()
    assert {stage.transfer(one).status for one in bookings} == {TransferStatus.TRANSFERRED}
    assert stage.stripe_transfers.calls == ["transfer"] * 2
    check_at_rest(stage)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_whoever_looks_by_themselves_while_money_is_resumed_pays_it_once(stage: Stage, at: int) -> None:
    """Before the resumption is written, or in the middle of the payment."""
    booking = kept_back(stage)
    account(stage, PayoutStatus.ACTIVE)
    stage.clock.moment += timedelta(hours=6)
    steps = Meanwhile(at, other=lambda: enabled(stage))
    with steps.watching_transactions():
        release_transfer(booking.id, JOB, stage.paying)
    stage.sweep()
    enabled(stage)
    stage.sweep()
    assert stage.stripe_transfers.calls == ["transfer"]
    assert stage.transfer(booking).status is TransferStatus.TRANSFERRED
    check_at_rest(stage)


def test_nobody_looks_for_the_first_bookings_of_an_old_hand(stage: Stage) -> None:
    counted(stage, 2 * FIRST_TRANSFERS)
    with calls() as made:
        assert paid(stage) == 0
    assert made == ["BatchGetItem"]


@pytest.mark.parametrize(("reason", "resumed"), [(TransferRefusal.ACCOUNT, 1), (TransferRefusal.BALANCE, 0)])
def test_what_stripe_refused_for_the_account_is_looked_at_when_that_is_enabled(
    stage: Stage, reason: TransferRefusal, resumed: int
) -> None:
    an_old_hand(stage)
    stage.stripe_transfers.refuses = reason
    booking = completed(stage)
    stage.sweep()
    assert stage.transfer(booking).delay is Delay.REFUSED
    stage.stripe_transfers.refuses = None
    assert enabled(stage) == resumed
    stage.sweep()
    assert (stage.transfer(booking).status is TransferStatus.TRANSFERRED) == bool(resumed)


def test_that_somebody_was_paid_is_heard_from_the_queue(stage: Stage) -> None:
    counted(stage, FIRST_TRANSFERS)
    assert delivered("transfer.paid", provider_id=stage.pavel.user.id) == []
    assert delivered("transfer.paid", user_id=stage.pavel.user.id) == [{"itemIdentifier": "1"}]
    assert delivered("transfer.settled", provider_id=stage.pavel.user.id) == [{"itemIdentifier": "1"}]
