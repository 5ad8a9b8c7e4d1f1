"""One story of money in each exponent that we take: none of it is decided by two decimals."""

import pytest

from callsheet.bookings.errors import CurrencyUnsupported
from callsheet.bookings.model import BookingView
from callsheet.bookings.refund_booking import refund_booking
from callsheet.bookings.refunds import RefundBooking
from callsheet.documents.receipt_paper import receipt_pdf
from callsheet.documents.receipts import build_receipt
from callsheet.kernel.money import Money
from callsheet.ledger.accounts import STRIPE_CASH
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.model import PaymentStatus
from callsheet.transfers.model import TransferStatus
from local.stripe_sim.ledger import balance_minor
from local.stripe_sim.shapes import Obj
from tests.functional.documents.issuing import words
from tests.support.at_stripe import StripeStage
from tests.support.closes import close_every_day
from tests.support.losses import dispute, verdict
from tests.support.truths import all_bookings, balances, check_always
from tests.support.wallets import balance_minor as wallet_minor

# What is asked for in whole units, Stripe's amount of it, and what a third of it is.
TAKEN = [("USD", 200, 200_00, 66_67), ("EUR", 200, 200_00, 66_67), ("JPY", 20_000, 20_000, 6_667)]


@pytest.fixture
def stage(tables: None) -> StripeStage:
    return StripeStage()


def accepted(stage: StripeStage, currency: str, units: int, *, in_hours: float = 30) -> BookingView:
    command = stage.command(in_hours=in_hours)
    booking = stage.accept(stage.book(command.model_copy(update={"amount": units, "currency": currency})))
    stage.hear()
    return booking


def the(stage: StripeStage, kind: str) -> Obj:
    (found,) = stage.world.kept(kind).values()
    return found


def check_books(stage: StripeStage, currency: str) -> None:
    """Cash is Stripe's, no other currency was touched, and every day closes clean."""
    check_always(stage)
    moved = {account: minor for account, minor in balances().items() if minor}
    assert {account.currency for account in moved} == {currency}
    ours = sum(minor for account, minor in moved.items() if account.name == STRIPE_CASH)
    assert ours == balance_minor(stage.world, currency.lower(), "pending", "available")
    close_every_day(stage)


@pytest.mark.parametrize(("currency", "units", "minor", "third"), TAKEN)
def test_a_booking_is_paid_completed_transferred_and_refunded_in_part(
    stage: StripeStage, currency: str, units: int, minor: int, third: int
) -> None:
    booking = accepted(stage, currency, units)
    assert (booking.total, booking.amount) == (Money.of(minor, currency), units)
    assert (the(stage, "payment_intent")["amount"], the(stage, "charge")["currency"]) == (
        minor,
        currency.lower(),
    )
    price = stage.case(booking).booking.price
    parts = price.subtotal + price.client_fee + price.service_tax + price.fee_tax
    assert (parts, price.provider_net + price.provider_fee) == (price.total, price.subtotal)
    stage.advance(hours=33)
    stage.complete(booking)
    stage.advance(hours=24 * 9)
    assert stage.transfer(booking).transferred == price.provider_net
    assert the(stage, "transfer")["amount"] == price.provider_net.amount_minor
    command = RefundBooking(booking_id=booking.id, amount=Money.of(third, currency), reason="Out of focus")
    refund_booking(command, stage.sue, stage.deps)
    stage.hear()
    payment = stage.case(booking).payment
    assert (payment.status, payment.refunded) == (
        PaymentStatus.PARTIALLY_REFUNDED,
        Money.of(third, currency),
    )
    assert the(stage, "refund")["amount"] == third
    (made,) = payment.refunds
    assert the(stage, "transfer")["amount_reversed"] == made.split.payable.amount_minor > 0
    stage.advance(hours=24 * 40)
    assert stage.transfer(booking).status in {TransferStatus.TRANSFERRED, TransferStatus.SETTLED}
    receipt = build_receipt(
        stage.case(booking).booking,
        payment,
        list_entries(booking.id).items,
        {},
        occurred_at=stage.clock.now(),
    )
    assert (receipt.charged, receipt.paid) == (booking.total, Money.of(minor - third, currency))
    figure = f"{minor - third:,}" if currency == "JPY" else f"{(minor - third) / 100:,.2f}"
    assert f"{currency} {figure}" in words(receipt_pdf(receipt))
    check_books(stage, currency)


@pytest.mark.parametrize(("currency", "units", "minor", "third"), TAKEN)
def test_what_a_lost_dispute_leaves_of_a_refund_is_credit_of_the_same_currency(
    stage: StripeStage, currency: str, units: int, minor: int, third: int
) -> None:
    booking = accepted(stage, currency, units, in_hours=100)
    dispute_id = dispute(stage, booking, third)
    stage.cancel(booking, stage.pavel.user)
    verdict(stage, dispute_id)
    stage.hear()
    assert wallet_minor(stage.carla.user_id, currency) == minor - third
    stage.advance(hours=24 * 40)
    check_books(stage, currency)


def test_three_decimals_are_refused_before_anything_is_held(stage: StripeStage) -> None:
    """Cards give back no single fils (Stripe, "Currencies"), and shares of a price have some: we take no such money."""
    command = stage.command().model_copy(update={"currency": "KWD"})
    with pytest.raises(CurrencyUnsupported):
        stage.book(command)
    assert (all_bookings(), stage.world.kept("payment_intent")) == ({}, {})
