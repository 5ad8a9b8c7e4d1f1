"""Receipts and statements of what was paid with both."""

from callsheet.bookings.model import BookingView
from callsheet.documents.evidence import Facts
from callsheet.documents.evidence_paper import evidence_pdf
from callsheet.documents.model import MovementKind, Party
from callsheet.documents.receipt_paper import receipt_pdf
from callsheet.documents.receipts import build_receipt
from callsheet.documents.statements import build_statement
from callsheet.gateways.disputes import DisputeReason, DisputeStatus
from callsheet.kernel.money import Money
from callsheet.ledger.list_entries import list_entries
from callsheet.payments.disputes import Dispute
from tests.functional.documents.issuing import words
from tests.functional.wallet.test_refunds import accepted
from tests.support.stage import Stage


def both_ways(stage: Stage) -> BookingView:
    """60.00 of credit and 40.00 by card; half of the subtotal, 47.62, goes back."""
    booking = accepted(stage, 60_00, in_hours=48)
    stage.clock.moment = stage.clock.moment.replace(hour=13)
    stage.cancel(booking)
    return booking


def test_a_receipt_shows_credit_as_a_payment_of_its_own_and_as_credit_what_goes_back(stage: Stage) -> None:
    booking = both_ways(stage)
    case, entries = stage.case(booking), list_entries(booking.id).items
    receipt = build_receipt(case.booking, case.payment, entries, {}, occurred_at=stage.clock.now())
    moved = {(part.kind, part.amount.amount_minor) for part in receipt.moved}
    assert moved == {("payment", 40_00), ("credit", 60_00), ("refund", -40_00), ("credit_returned", -7_62)}
    assert (receipt.refunded, receipt.paid) == (Money.of(47_62, "USD"), Money.of(52_38, "USD"))
    assert {part.reference for part in receipt.moved if part.kind.startswith("credit")} == {None}
    paper = words(receipt_pdf(receipt))
    assert all(told in paper for told in ("Payment", "Credit", "60.00", "Refund", "Credit again", "7.62"))


def test_a_statement_counts_a_booking_once_that_was_paid_in_two_ways(stage: Stage) -> None:
    booking = both_ways(stage)
    case, entries = stage.case(booking), list_entries(booking.id).items
    provider = Party(role="provider", id=stage.pavel.user.id, name=None)
    statement = build_statement(provider, "2026-03", entries, {booking.id: case.booking}, {})
    assert statement is not None
    (part,) = statement.currencies
    assert part.gross_minor == case.booking.price.subtotal.amount_minor
    sums = {one.kind: one.amount_minor for one in part.sums}
    assert sums[MovementKind.PAYMENT] == case.booking.price.provider_net.amount_minor
    (row,) = part.bookings
    assert row.refunded.amount_minor == -sums[MovementKind.REFUND]
    assert part.closing.payable_minor == row.net.amount_minor


def test_evidence_says_what_of_the_total_the_disputed_card_did_not_pay(stage: Stage) -> None:
    booking = accepted(stage, 60_00)
    case = stage.case(booking)
    dispute = Dispute(
        id="dp_1", booking_id=booking.id, amount=Money.of(40_00, "USD"), reason=DisputeReason.GENERAL,
        status=DisputeStatus.NEEDS_RESPONSE, opened_at=stage.clock.now(),
    )  # fmt: skip
    facts = Facts(
        dispute=dispute, booking=case.booking, names={}, events=(), entries=list_entries(booking.id).items,
        words="They were there", gathered_at=stage.clock.now(),
    )  # fmt: skip
    paper = words(evidence_pdf(facts))
    assert all(told in paper for told in ("USD 100.00", "Of this with credit", "USD 60.00"))
    plain = facts.model_copy(update={"entries": ()})
    assert "credit" not in words(evidence_pdf(plain))
