"""Stripe Tax: what a place takes, what is owed of it, and what is taken back."""

from typing import TYPE_CHECKING

import pytest
import stripe

from callsheet.bookings.price import PriceLine
from callsheet.bookings.pricing import price, price_direct_offer
from callsheet.gateways.errors import TaxPlaceUnknown
from callsheet.gateways.stripe_tax import StripeTax
from callsheet.gateways.tax import PartAmount, TaxableLine, TaxRequest
from callsheet.gateways.tax_details import TaxedPart
from callsheet.kernel.money import Money
from tests.functional.stripe_sim.conftest import MovingClock
from tests.support.conformity import faults_of_resource
from tests.support.stripe import SimulatedStripe

if TYPE_CHECKING:
    from stripe.params.tax import CalculationCreateParams

_LINES = ["line_items.data.tax_breakdown"]


def sale(country: str = "DE", **address: str) -> "CalculationCreateParams":
    return {
        "currency": "eur",
        "line_items": [{"amount": 10_000, "reference": "service", "tax_code": "txcd_20030000"}],
        "customer_details": {
            "address": {"country": country, **address},  # type: ignore[typeddict-item]
            "address_source": "shipping",
        },
    }


def two_lines() -> "CalculationCreateParams":
    both: CalculationCreateParams = {**sale()}
    both["line_items"] = [
        {"amount": 10_000, "reference": "service"},
        {"amount": 500, "reference": "fee"},
    ]
    return both


def committed(
    api: stripe.V1Services, params: "CalculationCreateParams", reference: str = "bkg_1"
) -> stripe.tax.Transaction:
    return api.tax.transactions.create_from_calculation(
        {
            "calculation": api.tax.calculations.create(params).id or "",
            "reference": reference,
            "expand": ["line_items"],
        }
    )


def lines_of(transaction: stripe.tax.Transaction) -> list[stripe.tax.TransactionLineItem]:
    assert transaction.line_items is not None
    return transaction.line_items.data


@pytest.mark.parametrize(
    ("country", "address", "tax", "levels"),
    [
        ("DE", {}, 1_900, ["country"]),
        ("FR", {}, 2_000, ["country"]),
        ("GB", {}, 2_000, ["country"]),
        ("CH", {}, 810, ["country"]),
        ("US", {"postal_code": "10001"}, 888, ["state", "city", "district"]),  # 4.00, 4.50 and 0.375 %
        ("US", {"state": "NY", "postal_code": "12207"}, 400, ["state"]),
        ("US", {"state": "TX", "postal_code": "78701"}, 825, ["state", "city", "district"]),
        ("CA", {"state": "ON"}, 1_300, ["state"]),
        ("CA", {"state": "QC"}, 1_498, ["country", "state"]),
        ("CA", {"postal_code": "T2P 1J9"}, 500, ["country"]),
    ],
)
def test_a_place_takes_its_taxes(
    country: str, address: dict[str, str], tax: int, levels: list[str], api: stripe.V1Services
) -> None:
    made = api.tax.calculations.create({**sale(country, **address), "expand": _LINES})
    assert (made.tax_amount_exclusive, made.amount_total) == (tax, 10_000 + tax)
    assert made.line_items is not None
    (line,) = made.line_items.data
    assert (line.reference, line.amount, line.amount_tax) == ("service", 10_000, tax)
    assert line.tax_breakdown is not None
    assert [part.jurisdiction.level for part in line.tax_breakdown] == levels
    assert sum(part.amount for part in line.tax_breakdown) == tax
    assert {part.taxability_reason for part in made.tax_breakdown} == {"standard_rated"}


@pytest.mark.parametrize(
    ("country", "address"), [("BR", {}), ("US", {"state": "OR", "postal_code": "97201"})]
)
def test_elsewhere_nothing_is_collected(
    country: str, address: dict[str, str], api: stripe.V1Services
) -> None:
    made = api.tax.calculations.create({**sale(country, **address), "expand": _LINES})
    assert (made.tax_amount_exclusive, made.amount_total) == (0, 10_000)
    (summed,) = made.tax_breakdown
    assert (summed.taxability_reason, summed.tax_rate_details.percentage_decimal) == (
        "not_collecting",
        "0.0",
    )
    assert made.line_items is not None
    (line,) = made.line_items.data
    assert line.tax_breakdown is not None
    assert line.tax_breakdown[0].tax_rate_details is None


def test_tax_may_be_contained(api: stripe.V1Services) -> None:
    params = sale()
    params["line_items"] = [{"amount": 11_900, "tax_behavior": "inclusive"}, {"amount": 100}]
    made = api.tax.calculations.create(params)
    assert (made.tax_amount_inclusive, made.tax_amount_exclusive, made.amount_total) == (1_900, 19, 12_019)
    assert [(part.inclusive, part.taxable_amount) for part in made.tax_breakdown] == [
        (True, 10_000),
        (False, 100),
    ]


def test_some_customers_pay_none(api: stripe.V1Services) -> None:
    params = sale()
    params["customer_details"]["taxability_override"] = "customer_exempt"
    assert api.tax.calculations.create(params).tax_breakdown[0].taxability_reason == "customer_exempt"
    params = sale()
    params["customer_details"]["tax_ids"] = [{"type": "eu_vat", "value": "DE123456789"}]
    made = api.tax.calculations.create(params)
    assert (made.tax_amount_exclusive, made.tax_breakdown[0].taxability_reason) == (0, "reverse_charge")


def test_a_customers_own_address_will_do(api: stripe.V1Services) -> None:
    customer = api.customers.create({"address": {"country": "FR"}})
    made = api.tax.calculations.create(
        {"currency": "eur", "customer": customer.id, "line_items": [{"amount": 1_000}]}
    )
    assert made.tax_amount_exclusive == 200


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        (sale("US", state="NY"), "customer_tax_location_invalid", "customer_details[address]"),
        (sale("CA"), "customer_tax_location_invalid", "customer_details[address]"),
        (sale("Germany"), "customer_tax_location_invalid", "customer_details[address]"),
        ({**sale(), "currency": "xxx"}, None, "currency"),
        ({**sale(), "line_items": [{"amount": 1, "tax_code": "shoes"}]}, None, "line_items[0][tax_code]"),
        ({**sale(), "line_items": [{"amount": -1}]}, None, "line_items[0][amount]"),
        (
            {**sale(), "line_items": [{"amount": 1, "colour": "red"}]},
            "parameter_unknown",
            "line_items[0][colour]",
        ),
        (
            {**sale(), "line_items": [{"amount": 1, "reference": "a"}, {"amount": 1, "reference": "a"}]},
            None,
            "line_items",
        ),
        ({**sale(), "shipping_cost": {"amount": 5}}, "simulator_unsupported", "shipping_cost"),
    ],
)
def test_what_cannot_be_taxed_is_refused(
    wrong: "CalculationCreateParams",
    code: str | None,
    param: str,
    sim: SimulatedStripe,
    api: stripe.V1Services,
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.tax.calculations.create(wrong)
    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert sim.simulator.world.kept("tax.calculation") == {}


def test_a_calculation_becomes_what_is_owed(sim: SimulatedStripe, api: stripe.V1Services) -> None:
    transaction = committed(api, two_lines())
    assert (transaction.type, transaction.reference) == ("transaction", "bkg_1")
    assert [(line.reference, line.amount, line.amount_tax) for line in lines_of(transaction)] == [
        ("service", 10_000, 1_900),
        ("fee", 500, 95),
    ]
    found = api.tax.transactions.retrieve(transaction.id)
    assert "line_items" not in found.to_dict()
    listed = api.tax.transactions.line_items.list(transaction.id, {"limit": 1})
    assert ([line.reference for line in listed.data], listed.has_more) == (["service"], True)
    kept = [
        one
        for kind, objects in sim.simulator.world.objects.items()
        if "tax" in kind
        for one in objects.values()
    ]
    assert [fault for one in kept for fault in faults_of_resource(one)] == []


def test_a_reference_is_used_once(api: stripe.V1Services) -> None:
    transaction = committed(api, sale())
    with pytest.raises(stripe.InvalidRequestError, match=transaction.id) as refusal:
        committed(api, sale())
    assert refusal.value.param == "reference"
    with pytest.raises(stripe.InvalidRequestError) as reversing:
        api.tax.transactions.create_reversal(
            {"mode": "full", "original_transaction": transaction.id, "reference": "bkg_1"}
        )
    assert reversing.value.param == "reference"


def test_a_calculation_does_not_live_for_ever(clock: MovingClock, api: stripe.V1Services) -> None:
    made = api.tax.calculations.create(sale())
    assert made.expires_at == int(clock().timestamp()) + 90 * 24 * 3_600
    clock.advance(days=90)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.tax.transactions.create_from_calculation({"calculation": made.id or "", "reference": "late"})
    assert refusal.value.param == "calculation"


def test_all_is_taken_back_once(api: stripe.V1Services) -> None:
    transaction = committed(api, two_lines())
    back = api.tax.transactions.create_reversal(
        {
            "mode": "full",
            "original_transaction": transaction.id,
            "reference": "bkg_1/back",
            "expand": ["line_items"],
        }
    )
    assert back.reversal is not None
    assert (back.type, back.reversal.original_transaction) == ("reversal", transaction.id)
    assert [(line.amount, line.amount_tax) for line in lines_of(back)] == [(-10_000, -1_900), (-500, -95)]
    with pytest.raises(stripe.InvalidRequestError, match="fully reversed"):
        api.tax.transactions.create_reversal(
            {"mode": "full", "original_transaction": transaction.id, "reference": "again"}
        )


def test_a_line_is_taken_back_in_parts(api: stripe.V1Services) -> None:
    transaction = committed(api, two_lines())
    service = lines_of(transaction)[0].id

    def reverse(amount: int, tax: int, reference: str) -> stripe.tax.Transaction:
        line = {
            "original_line_item": service,
            "reference": reference,
            "amount": amount,
            "amount_tax": tax,
        }
        return api.tax.transactions.create_reversal(
            {
                "mode": "partial",
                "original_transaction": transaction.id,
                "reference": reference,
                "line_items": [line],  # type: ignore[list-item]
            }
        )

    reverse(-4_000, -760, "first")
    for amount, tax, param in [
        (-6_001, -1, "line_items[0][amount]"),
        (-1, -1_141, "line_items[0][amount_tax]"),
        (1, 0, "line_items[0][amount]"),
    ]:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            reverse(amount, tax, "too much")
        assert refusal.value.param == param
    reverse(-6_000, -1_140, "second")
    rest = api.tax.transactions.create_reversal(
        {
            "mode": "full",
            "original_transaction": transaction.id,
            "reference": "rest",
            "expand": ["line_items"],
        }
    )
    assert [(line.reference, line.amount) for line in lines_of(rest)] == [("fee", -500)]


def test_an_amount_is_spread_over_the_lines(api: stripe.V1Services) -> None:
    transaction = committed(api, two_lines())
    back = api.tax.transactions.create_reversal(
        {
            "mode": "partial",
            "original_transaction": transaction.id,
            "reference": "flat",
            "flat_amount": -1_000,
            "expand": ["line_items"],
        }
    )
    assert sum(line.amount + line.amount_tax for line in lines_of(back)) == -1_000
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.tax.transactions.create_reversal(
            {
                "mode": "partial",
                "original_transaction": transaction.id,
                "reference": "more",
                "flat_amount": -11_496,
            }
        )
    assert refusal.value.param == "flat_amount"


def test_our_gateway_speaks_to_it(tables: None, sim: SimulatedStripe) -> None:
    tax = StripeTax(http_client=sim)
    lines = (
        TaxableLine(part=TaxedPart.SERVICE, amount=Money.of(10_000, "EUR")),
        TaxableLine(part=TaxedPart.FEE, amount=Money.of(500, "EUR")),
    )
    answer = tax.calculate(TaxRequest(jurisdiction="DE", lines=lines))
    assert answer.tax_on(TaxedPart.SERVICE, "EUR") == Money.of(1_900, "EUR")
    assert answer.calculation_id is not None
    owed = tax.commit(answer.calculation_id, "bkg_1")
    assert tax.commit(answer.calculation_id, "bkg_1") == owed  # by its key
    half = PartAmount(part=TaxedPart.SERVICE, amount=Money.of(5_000, "EUR"), tax=Money.of(950, "EUR"))
    back = tax.reverse(owed, "rfd_1", [half])
    assert [line.tax for line in back.lines] == [Money.of(-950, "EUR")]


def test_a_service_in_the_united_states_is_priced_by_its_postal_code(
    tables: None, sim: SimulatedStripe
) -> None:
    tax = StripeTax(http_client=sim)
    line = PriceLine(key="package", title="Portraits", amount=Money.of(10_000, "USD"))
    priced = price([line], "US-NY", tax, postal_code="10001")
    assert (priced.service_tax, priced.postal_code) == (Money.of(888, "USD"), "10001")
    assert price([line], "US-NY", tax, postal_code="12207").service_tax == Money.of(400, "USD")
    offer = price_direct_offer(Money.whole(100, "USD"), "Offer", "US-NY", tax, postal_code="10001")
    assert offer.total == Money.whole(100, "USD")
    assert "state" in {detail.level for detail in offer.tax_details if detail.part is TaxedPart.SERVICE}
    with pytest.raises(TaxPlaceUnknown):
        price([line], "US", tax)
