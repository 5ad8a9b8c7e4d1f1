"""What Stripe Tax is asked, and what its answers mean, over the real SDK and a canned wire."""

from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction

import pytest
import stripe

from callsheet.bookings.pricing import price_direct_offer
from callsheet.gateways.errors import (
    CalculationExpired,
    PaymentsUnavailable,
    TaxPlaceUnknown,
    TaxReferenceTaken,
)
from callsheet.gateways.stripe_tax import StripeTax
from callsheet.gateways.tax import PartAmount, TaxableLine, TaxRequest, TaxTransaction
from callsheet.gateways.tax_details import TaxedPart
from callsheet.kernel.money import Money
from tests.unit.gateways.canned import Canned, CannedStripe, Json, an_error, ok
from tests.unit.gateways.taxed import Levy, a_calculation, a_committed_line, a_line, a_transaction

AWAY = stripe.APIConnectionError("nobody there", should_retry=True)  # type: ignore[no-untyped-call]  # the SDK's own
REPLAYED = an_error(500, "api_error", {"idempotent-replayed": "true", "stripe-should-retry": "false"})
SERVICE, FEE = TaxedPart.SERVICE, TaxedPart.FEE
LEVIES = (
    Levy(600, "6.0"),
    Levy(25, "0.25", level="county", display_name="San Mateo"),
    Levy(0, "0.0", level="city", display_name="South San Francisco", reason="not_collecting", taxable=0),
)


def over(*answers: Canned | Exception) -> tuple[StripeTax, CannedStripe]:
    wire = CannedStripe(*answers)
    return StripeTax(wire), wire


def asked(jurisdiction: str = "US-CA", currency: str = "USD", service: int = 10_000) -> TaxRequest:
    amounts = ((SERVICE, service), (FEE, 500))
    lines = tuple(TaxableLine(part=part, amount=Money.of(minor, currency)) for part, minor in amounts)
    return TaxRequest(jurisdiction=jurisdiction, lines=lines)


def calculated(*levies: Levy) -> Json:
    return a_calculation(a_line("service", 10_000, levies), a_line("fee", 500))


def committed() -> TaxTransaction:
    lines = tuple(
        PartAmount(part=part, amount=Money.of(amount, "USD"), tax=Money.of(tax, "USD"), line_id=f"tax_li_{part}")
        for part, amount, tax in ((SERVICE, 10_000, 625), (FEE, 500, 31))
    )  # fmt: skip
    return TaxTransaction(id="tax_1", reference="bkg_1", lines=lines)


TRANSACTION = a_transaction(a_committed_line("service", 10_000, 625), a_committed_line("fee", 500, 31))


def test_a_calculation_asks_for_both_parts_at_the_place_of_the_service() -> None:
    tax, wire = over(ok(calculated()))
    tax.calculate(asked())
    (sent,) = wire.sent
    assert (sent.method, sent.path) == ("POST", "/v1/tax/calculations")
    assert sent.params == {
        "currency": "usd",
        "customer_details[address][country]": "US",
        "customer_details[address][state]": "CA",
        "customer_details[address_source]": "shipping",
        "line_items[0][amount]": "10000",
        "line_items[0][reference]": "service",
        "line_items[0][tax_behavior]": "exclusive",
        "line_items[0][tax_code]": "txcd_20030000",
        "line_items[1][amount]": "500",
        "line_items[1][reference]": "fee",
        "line_items[1][tax_behavior]": "exclusive",
        "line_items[1][tax_code]": "txcd_20030000",
        "expand[0]": "line_items.data.tax_breakdown",
    }


def test_each_jurisdiction_s_tax_is_told_apart() -> None:
    tax, _ = over(ok(calculated(*LEVIES)))
    answer = tax.calculate(asked())
    assert (answer.calculation_id, answer.version) == ("taxcalc_1", "stripe-tax")
    assert answer.expires_at == datetime.fromtimestamp(1_780_000_000, UTC)
    assert answer.tax_on(SERVICE, "USD") == Money.of(625, "USD")
    assert answer.tax_on(FEE, "USD") == Money.of(0, "USD")
    told = [
        (d.part, d.amount.amount_minor, d.percentage, d.country, d.state, d.level, d.display_name, d.taxability_reason)
        for d in answer.details
    ]  # fmt: skip
    assert told == [
        (SERVICE, 600, "6.0", "US", "CA", "state", "California", "standard_rated"),
        (SERVICE, 25, "0.25", "US", "CA", "county", "San Mateo", "standard_rated"),
        (SERVICE, 0, "0.0", "US", "CA", "city", "South San Francisco", "not_collecting"),
    ]


@pytest.mark.parametrize(
    ("levies", "rate"),
    [
        (LEVIES, Fraction(625, 10_000)),
        ((Levy(600, "12.0", taxable=5_000),), Fraction(6, 100)),
        ((Levy(700, "6.0"),), Fraction(7, 100)),
        ((), Fraction(0)),
    ],
    ids=["a sum of rates", "half is exempt", "not what the rates say", "no tax"],
)
def test_the_rate_is_what_was_counted_with(levies: tuple[Levy, ...], rate: Fraction) -> None:
    tax, _ = over(ok(calculated(*levies)))
    assert tax.calculate(asked()).rate_of(SERVICE) == rate


def test_yen_go_as_whole_yen() -> None:
    line = a_line("service", 10_000, [Levy(1_000, "10", country="JP", state=None, level="country")])
    tax, wire = over(ok(a_calculation(line, currency="jpy")))
    answer = tax.calculate(asked("JP", "JPY"))
    assert wire.sent[0].params["line_items[0][amount]"] == "10000"
    assert "customer_details[address][state]" not in wire.sent[0].params
    assert answer.tax_on(SERVICE, "JPY") == Money.of(1_000, "JPY")


def test_a_place_that_is_not_precise_enough_is_refused() -> None:
    refusal = an_error(400, "invalid_request_error", code="customer_tax_location_invalid")
    tax, _ = over(refusal)
    with pytest.raises(TaxPlaceUnknown) as refused:
        tax.calculate(asked())
    assert refused.value.extra == {"jurisdiction": "US-CA"}


def test_nobody_there_leaves_the_outcome_open() -> None:
    tax, _ = over(AWAY, AWAY)
    with pytest.raises(PaymentsUnavailable):
        tax.calculate(asked())
    tax, _ = over(AWAY, AWAY)
    with pytest.raises(PaymentsUnavailable):
        tax.commit("taxcalc_1", "bkg_1")
    tax, _ = over(AWAY, AWAY)
    with pytest.raises(PaymentsUnavailable):
        tax.reverse(committed(), "rfd_1", None)


def test_what_is_wrong_with_our_request_is_a_bug_and_stays_one() -> None:
    refusal = an_error(400, "invalid_request_error", code="parameter_unknown", param="quux")
    asks: tuple[Callable[[StripeTax], object], ...] = (
        lambda tax: tax.calculate(asked()),
        lambda tax: tax.commit("taxcalc_1", "bkg_1"),
        lambda tax: tax.reverse(committed(), "rfd_1", None),
    )
    for ask in asks:
        with pytest.raises(stripe.InvalidRequestError):
            ask(over(refusal)[0])


def test_a_commit_is_made_of_its_calculation_under_the_booking_s_id() -> None:
    tax, wire = over(ok(TRANSACTION))
    assert tax.commit("taxcalc_1", "bkg_1") == committed()
    (sent,) = wire.sent
    assert sent.path == "/v1/tax/transactions/create_from_calculation"
    assert sent.key == "bkg_1/tax/taxcalc_1"
    assert sent.params == {"calculation": "taxcalc_1", "reference": "bkg_1", "expand[0]": "line_items"}


def test_a_failure_that_stripe_keeps_under_the_key_is_asked_past() -> None:
    tax, wire = over(REPLAYED, ok(TRANSACTION))
    assert tax.commit("taxcalc_1", "bkg_1").id == "tax_1"
    assert [sent.key for sent in wire.sent] == ["bkg_1/tax/taxcalc_1", "bkg_1/tax/taxcalc_1/again"]


@pytest.mark.parametrize("fields", [{"param": "calculation"}, {"code": "resource_missing"}], ids=str)
def test_a_calculation_that_is_gone_has_expired(fields: dict[str, object]) -> None:
    tax, _ = over(an_error(400, "invalid_request_error", **fields))
    with pytest.raises(CalculationExpired):
        tax.commit("taxcalc_1", "bkg_1")


def taken(message: str) -> Canned:
    return Canned(400, {"error": {"type": "invalid_request_error", "param": "reference", "message": message}})


def test_a_reference_that_is_taken_is_the_transaction_that_has_it() -> None:
    tax, wire = over(taken("There is tax_1 with this reference."), ok(TRANSACTION))
    assert tax.commit("taxcalc_1", "bkg_1") == committed()
    assert (wire.sent[1].method, wire.sent[1].path) == ("GET", "/v1/tax/transactions/tax_1")


@pytest.mark.parametrize("found", [None, "bkg_of_another"])
def test_where_stripe_does_not_say_which_it_was_nothing_is_made_up(found: str | None) -> None:
    others = a_transaction(reference=found)
    answers = [taken("This reference is taken.")] if found is None else [taken("See tax_9."), ok(others)]
    tax, _ = over(*answers)
    with pytest.raises(TaxReferenceTaken):
        tax.commit("taxcalc_1", "bkg_1")


def test_a_part_goes_back_line_by_line_in_negative_amounts() -> None:
    tax, wire = over(ok(a_transaction(id="tax_2", reference="rfd_1")))
    half = PartAmount(part=SERVICE, amount=Money.of(5_000, "USD"), tax=Money.of(313, "USD"))
    assert tax.reverse(committed(), "rfd_1", [half]).id == "tax_2"
    (sent,) = wire.sent
    assert (sent.path, sent.key) == ("/v1/tax/transactions/create_reversal", "rfd_1/tax")
    assert sent.params == {
        "mode": "partial",
        "original_transaction": "tax_1",
        "reference": "rfd_1",
        "expand[0]": "line_items",
        "line_items[0][original_line_item]": "tax_li_service",
        "line_items[0][reference]": "rfd_1/service",
        "line_items[0][amount]": "-5000",
        "line_items[0][amount_tax]": "-313",
    }


def test_everything_goes_back_in_full() -> None:
    tax, wire = over(ok(a_transaction(id="tax_2", reference="rfd_1")))
    tax.reverse(committed(), "rfd_1", None)
    assert wire.sent[0].params["mode"] == "full"
    assert "line_items[0][amount]" not in wire.sent[0].params


def test_an_offer_over_the_real_sdk_is_two_calls_and_costs_what_it_says() -> None:
    """At 10 % of 100.00: the first calculation is of the amount, the second of the split that its rates lead to."""
    ten = Levy(1_000, "10.0")
    first = a_calculation(a_line("service", 10_000, [ten]), a_line("fee", 500, [Levy(50, "10.0")]))
    second = a_calculation(
        a_line("service", 8_658, [Levy(866, "10.0")]), a_line("fee", 433, [Levy(43, "10.0")]), id="taxcalc_2"
    )
    tax, wire = over(ok(first), ok(second))
    snapshot = price_direct_offer(Money.whole(100, "USD"), "Portraits", "US-CA", tax)
    amounts = [[sent.params[f"line_items[{line}][amount]"] for line in (0, 1)] for sent in wire.sent]
    assert amounts == [["10000", "500"], ["8658", "433"]]
    assert (snapshot.total, snapshot.service_tax, snapshot.fee_tax) == tuple(
        Money.of(minor, "USD") for minor in (100_00, 8_66, 43)
    )
    assert snapshot.tax_calculation_id == "taxcalc_2"
