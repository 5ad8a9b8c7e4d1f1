"""Taxes are reported at capture and taken back with refunds: once each, in whatever order and however often."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from callsheet.bookings.converge_payment import converge_payment
from callsheet.bookings.model import BookingView, CreateBooking
from callsheet.bookings.taxes import taxes_of
from callsheet.gateways.disputes import DisputeStatus
from callsheet.gateways.errors import PaymentsUnavailable, TaxReferenceTaken
from callsheet.gateways.tax import PartAmount, TaxAnswer, TaxGateway, TaxRequest, TaxTransaction
from callsheet.gateways.tax_details import TaxedPart
from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import ActorType, Principal
from callsheet.payments.deps import TaxDeps
from callsheet.payments.settle_taxes import (
    CONSUMER,
    MoneyMoved,
    TaxesNotCommitted,
    TaxTransactionLost,
    settle_taxes,
)
from callsheet.payments.taxes import TaxItem, TaxRecord
from callsheet.platform.records import EventItem, InboxItem
from callsheet.platform.transaction import AlreadyConsumed
from functions.payments.settle_taxes import handler
from tests.support.calls import calls
from tests.support.crashes import Died, Steps
from tests.support.stage import Stage
from tests.support.taxes import FakeTax

CALLER = Principal(CONSUMER, ActorType.SYSTEM, correlation_id="c-1")
READ, WRITE = "BatchGetItem", "TransactWriteItems"
CAPTURED, REFUNDED = "payment.captured", "payment.refunded"


@pytest.fixture
def tax() -> FakeTax:
    return FakeTax()


@pytest.fixture
def taxed(stage: Stage, tax: FakeTax) -> Stage:
    """A stage whose taxes Stripe knows."""
    stage.deps = replace(stage.deps, tax=tax)
    return stage


def captured(stage: Stage) -> BookingView:
    return stage.accepted()


def of_the_service(stage: Stage) -> BookingView:
    """300.00 for two hours in three days, accepted."""
    command = CreateBooking(
        provider_id=stage.pavel.profile_id, service_id=stage.pavel.service_id, payment_method="pm_card_visa",
        starts_at=stage.clock.now() + timedelta(hours=72),
    )  # fmt: skip
    return stage.accept(stage.book(command))


def heard(booking: BookingView, name: str) -> MoneyMoved:
    """What the booking's outbox tells of its money."""
    (event,) = [item.document for item in EventItem.query(booking.id) if item.document.name == name]
    return MoneyMoved.model_validate(event.model_dump(mode="json"))


def settled(stage: Stage, booking: BookingView, name: str, gateway: TaxGateway) -> None:
    settle(stage, heard(booking, name), gateway)


def settle(stage: Stage, event: MoneyMoved, gateway: TaxGateway) -> None:
    settle_taxes(event, CALLER, TaxDeps(clock=stage.clock, gateway=lambda: gateway), taxes_of)


def record(booking: BookingView) -> TaxRecord | None:
    found = [item.document for item in TaxItem.query(booking.id, TaxItem.sk == "TAX")]
    return found[0] if found else None


def inbox() -> int:
    return len(list(InboxItem.query(f"INBOX#{CONSUMER}")))


def test_a_capture_reports_what_the_client_was_quoted(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    tax.calls.clear()
    settled(taxed, booking, CAPTURED, tax)
    price = taxed.case(booking).booking.price
    made = tax.transactions[booking.id]
    assert [line.tax for line in made.lines] == [price.service_tax, price.fee_tax]
    assert tax.calls == ["commit"]
    kept = record(booking)
    assert kept is not None
    assert (kept.calculation_id, kept.transaction) == (price.tax_calculation_id, made)
    assert (kept.committed_at, inbox()) == (taxed.clock.now(), 1)


def test_reporting_is_two_reads_and_a_write_before_and_after(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    event = heard(booking, CAPTURED)
    with calls() as made:
        settle(taxed, event, tax)
    assert made == [READ, READ, WRITE, WRITE]


def test_a_duplicate_is_one_without_a_call(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    settled(taxed, booking, CAPTURED, tax)
    tax.calls.clear()
    with pytest.raises(AlreadyConsumed):
        settled(taxed, booking, CAPTURED, tax)
    assert (tax.calls, inbox()) == ([], 1)


def test_a_replay_after_the_inbox_has_forgotten_reports_nothing_again(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    settled(taxed, booking, CAPTURED, tax)
    before = record(booking)
    for item in InboxItem.query(f"INBOX#{CONSUMER}"):
        item.delete()
    tax.calls.clear()
    settled(taxed, booking, CAPTURED, tax)
    assert (tax.calls, record(booking), inbox()) == ([], before, 1)


def test_everything_that_goes_back_takes_back_everything(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    settled(taxed, booking, CAPTURED, tax)
    taxed.cancel(booking, taxed.pavel.user)
    settled(taxed, booking, REFUNDED, tax)
    kept, event = record(booking), heard(booking, REFUNDED)
    assert kept is not None
    (made,) = kept.reversals
    assert (made.refund_id, made.amounts) == (event.payload.refund_id, tax.transactions[booking.id].lines)
    assert (made.transaction_id, inbox()) == (tax.reversals[made.refund_id].id, 2)
    for part in TaxedPart:
        left = kept.left_of(part)
        assert left is not None
        assert left.amount.is_zero
        assert left.tax.is_zero


def test_half_of_the_subtotal_takes_back_half_of_its_tax_and_none_of_the_fee_s(
    taxed: Stage, tax: FakeTax
) -> None:
    booking = of_the_service(taxed)
    settled(taxed, booking, CAPTURED, tax)
    taxed.advance(hours=30)
    taxed.cancel(booking)
    settled(taxed, booking, REFUNDED, tax)
    ended = taxed.case(booking).booking.cancellation
    assert ended is not None
    assert ended.refund is not None
    assert tax.reversed_minor(TaxedPart.SERVICE) == (150_00, ended.refund.service_tax.amount_minor)
    assert tax.reversed_minor(TaxedPart.FEE) == (0, 0)


def test_all_of_an_offer_s_subtotal_takes_back_no_more_than_was_taxed(taxed: Stage, tax: FakeTax) -> None:
    """A direct offer's subtotal may be a cent more than what its taxes were counted on."""
    for number in range(12):
        command = taxed.command(in_hours=100 + 3 * number).model_copy(update={"amount": 90 + 7 * number})
        booking = taxed.accept(taxed.book(command))
        settled(taxed, booking, CAPTURED, tax)
        taxed.cancel(booking)
        settled(taxed, booking, REFUNDED, tax)
        kept = record(booking)
        assert kept is not None
        left = kept.left_of(TaxedPart.SERVICE)
        assert left is not None
        assert 0 <= left.amount.amount_minor <= 5
        assert left.tax.is_zero
        tax.reversals.clear()


def test_a_refund_that_is_heard_of_first_waits_for_its_capture(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    taxed.cancel(booking, taxed.pavel.user)
    tax.calls.clear()
    with pytest.raises(TaxesNotCommitted):
        settled(taxed, booking, REFUNDED, tax)
    assert (tax.calls, record(booking), inbox()) == ([], None, 0)
    settled(taxed, booking, CAPTURED, tax)
    settled(taxed, booking, REFUNDED, tax)
    assert tax.calls == ["commit", "reverse"]


def test_a_refund_is_taken_back_once_however_often_it_is_told(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    settled(taxed, booking, CAPTURED, tax)
    taxed.cancel(booking, taxed.pavel.user)
    settled(taxed, booking, REFUNDED, tax)
    before = record(booking)
    tax.calls.clear()
    with pytest.raises(AlreadyConsumed):
        settled(taxed, booking, REFUNDED, tax)
    for item in InboxItem.query(f"INBOX#{CONSUMER}"):
        item.delete()
    settled(taxed, booking, REFUNDED, tax)
    assert (tax.calls, record(booking)) == ([], before)


@pytest.mark.parametrize("name", [CAPTURED, REFUNDED])
def test_while_stripe_is_away_nothing_is_consumed(taxed: Stage, tax: FakeTax, name: str) -> None:
    booking = captured(taxed)
    if name == REFUNDED:
        settled(taxed, booking, CAPTURED, tax)
        taxed.cancel(booking, taxed.pavel.user)
    before = inbox()
    tax.is_away = True
    with pytest.raises(PaymentsUnavailable):
        settled(taxed, booking, name, tax)
    assert inbox() == before
    tax.is_away = False
    settled(taxed, booking, name, tax)
    assert inbox() == before + 1


def test_a_calculation_that_has_expired_is_made_anew(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    tax.expire()
    tax.calls.clear()
    settled(taxed, booking, CAPTURED, tax)
    assert tax.calls == ["commit", "calculate", "commit"]
    kept, price = record(booking), taxed.case(booking).booking.price
    assert kept is not None
    assert kept.calculation_id != price.tax_calculation_id
    assert [line.amount for line in tax.requests[-1].lines] == [price.subtotal, price.client_fee]
    assert kept.transaction == tax.transactions[booking.id]


@dataclass(frozen=True, slots=True)
class MortalTax:
    """Passes every call on, as one of the steps."""

    inner: TaxGateway
    steps: Steps

    def calculate(self, request: TaxRequest) -> TaxAnswer:
        return self.steps.step("calculate", lambda: self.inner.calculate(request))

    def commit(self, calculation_id: str, reference: str) -> TaxTransaction:
        return self.steps.step("commit", lambda: self.inner.commit(calculation_id, reference))

    def reverse(
        self, transaction: TaxTransaction, reference: str, amounts: Sequence[PartAmount] | None
    ) -> TaxTransaction:
        return self.steps.step("reverse", lambda: self.inner.reverse(transaction, reference, amounts))


@pytest.mark.parametrize(
    ("at", "after"), [(at, after) for at in range(6) for after in (False, True) if (at, after) != (1, True)]
)
def test_dying_at_any_step_heals_with_the_next_delivery(
    taxed: Stage, tax: FakeTax, at: int, after: bool
) -> None:
    """The steps: begin, commit in vain (which has no effect to die after), calculate, write down, commit, note."""
    booking = captured(taxed)
    tax.expire()
    steps = Steps(at=at, after=after)
    with steps.watching_transactions(), pytest.raises(Died):
        settled(taxed, booking, CAPTURED, MortalTax(tax, steps))
    settled_again(taxed, booking, CAPTURED, tax)
    kept = record(booking)
    assert kept is not None
    assert kept.transaction == tax.transactions[booking.id]
    assert (len(tax.transactions), inbox()) == (1, 1)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(2))
def test_dying_over_a_refund_heals_with_the_next_delivery(
    taxed: Stage, tax: FakeTax, at: int, after: bool
) -> None:
    booking = captured(taxed)
    settled(taxed, booking, CAPTURED, tax)
    taxed.cancel(booking, taxed.pavel.user)
    steps = Steps(at=at, after=after)
    with steps.watching_transactions(), pytest.raises(Died):
        settled(taxed, booking, REFUNDED, MortalTax(tax, steps))
    settled_again(taxed, booking, REFUNDED, tax)
    kept = record(booking)
    assert kept is not None
    assert [made.transaction_id for made in kept.reversals] == [made.id for made in tax.reversals.values()]
    assert (len(tax.reversals), inbox()) == (1, 2)


def settled_again(stage: Stage, booking: BookingView, name: str, tax: FakeTax) -> None:
    """Where the note itself had its effect, the next delivery is a duplicate."""
    try:
        settled(stage, booking, name, tax)
    except AlreadyConsumed:
        return


class ForgetfulTax(FakeTax):
    """Answers to a reference that is taken as Stripe does after a day: by saying no more than that."""

    def commit(self, calculation_id: str, reference: str) -> TaxTransaction:
        if reference in self.transactions:
            raise TaxReferenceTaken
        return FakeTax.commit(self, calculation_id, reference)

    def reverse(
        self, transaction: TaxTransaction, reference: str, amounts: Sequence[PartAmount] | None
    ) -> TaxTransaction:
        if reference in self.reversals:
            raise TaxReferenceTaken
        return FakeTax.reverse(self, transaction, reference, amounts)


def test_what_was_committed_days_ago_counts_as_committed_and_its_refund_is_somebody_s_to_look_into(
    stage: Stage,
) -> None:
    tax = ForgetfulTax()
    stage.deps = replace(stage.deps, tax=tax)
    booking = captured(stage)
    tax.commit("taxcalc_2", booking.id)
    settled(stage, booking, CAPTURED, tax)
    kept = record(booking)
    assert kept is not None
    assert (kept.committed_at, kept.transaction) == (stage.clock.now(), None)
    stage.cancel(booking, stage.pavel.user)
    with pytest.raises(TaxTransactionLost):
        settled(stage, booking, REFUNDED, tax)
    assert (record(booking), inbox()) == (kept, 1)


def test_what_was_reversed_days_ago_counts_as_reversed(stage: Stage) -> None:
    tax = ForgetfulTax()
    stage.deps = replace(stage.deps, tax=tax)
    booking = captured(stage)
    settled(stage, booking, CAPTURED, tax)
    stage.cancel(booking, stage.pavel.user)
    refund_id = heard(booking, REFUNDED).payload.refund_id
    assert refund_id is not None
    tax.reverse(tax.transactions[booking.id], refund_id, None)
    settled(stage, booking, REFUNDED, tax)
    kept = record(booking)
    assert kept is not None
    assert [made.transaction_id for made in kept.reversals] == [None]
    left = kept.left_of(TaxedPart.SERVICE)
    assert left is not None
    assert left.tax.is_zero


def test_a_table_s_taxes_are_reported_to_nobody(stage: Stage) -> None:
    booking = captured(stage)
    stage.cancel(booking, stage.pavel.user)
    tax, events = FakeTax(), [heard(booking, name) for name in (CAPTURED, REFUNDED)]
    with calls() as made:
        for event in events:
            settle(stage, event, tax)
    assert (tax.calls, record(booking), inbox(), made) == ([], None, 0, [READ, READ])


def test_the_money_of_no_booking_is_nobody_s_tax(stage: Stage) -> None:
    booking = captured(stage)
    moved = heard(booking, CAPTURED)
    strange = moved.model_copy(
        update={"payload": moved.payload.model_copy(update={"booking_id": new_id("bkg")})}
    )
    with pytest.raises(NotFound):
        settle_taxes(strange, CALLER, TaxDeps(clock=stage.clock, gateway=FakeTax), taxes_of)
    assert inbox() == 0


def test_the_consumer_takes_events_as_the_bus_brings_them(stage: Stage) -> None:
    booking = captured(stage)
    (event,) = [item.document for item in EventItem.query(booking.id) if item.document.name == CAPTURED]
    good = event.model_dump(mode="json")
    answer = handler({"Records": [record_of(good), record_of({**good, "name": "payment.painted"})]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "payment.painted"}]}


def record_of(detail: dict[str, object]) -> dict[str, str]:
    name = str(detail["name"])
    return {"messageId": name, "body": json.dumps({"id": name, "detail-type": name, "detail": detail})}


def test_a_lost_dispute_takes_its_taxes_back_under_its_own_id(taxed: Stage, tax: FakeTax) -> None:
    booking = captured(taxed)
    settled(taxed, booking, CAPTURED, tax)
    dispute_id = taxed.fake.dispute(taxed.intent_id(booking))
    taxed.fake.disputes.decide(dispute_id, DisputeStatus.LOST)
    converge_payment(booking.id, CALLER, taxed.deps)
    settled(taxed, booking, "dispute.lost", tax)
    kept = record(booking)
    assert kept is not None
    assert kept.is_reversed(dispute_id)
    left = [kept.left_of(part) for part in TaxedPart]
    assert all(one is None or (one.amount.is_zero and one.tax.is_zero) for one in left)
