"""Tax calculations: what the tax of a sale would be, which nothing comes of by itself (Stripe, "Tax Calculations")."""

import re
from collections.abc import Sequence

from stripe.params.tax import (
    CalculationCreateParams,
    CalculationLineItemListParams,
    CalculationRetrieveParams,
)

from local.stripe_sim.currencies import check_currency
from local.stripe_sim.customers import live_customer
from local.stripe_sim.errors import Refusal
from local.stripe_sim.listing import list_of
from local.stripe_sim.routing import PAGE, Call, Routes, get, post
from local.stripe_sim.shapes import Json, Obj, Params, inner_of, text_of, whole_of
from local.stripe_sim.taxing import Place, breakdown, place_of
from local.stripe_sim.world import World, created_metadata, new_id

_KEPT_SECONDS = 90 * 24 * 3600
_CODE = re.compile(r"txcd_\d{8}")
_DEFAULT_CODE = "txcd_10000000"
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def _create(call: Call) -> Obj:
    params, world = call.params, call.world
    currency = params.text("currency").lower()
    check_currency(currency)
    details = params.inner("customer_details")
    address = _address(world, params, details)
    place = place_of(details, address)
    given = params.values["line_items"]
    items = [Params(item) for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    _check(items)
    lines = [_line(world, item, place, number) for number, item in enumerate(items, 1)]
    exclusive = _tax(lines, "exclusive")
    calculation_id, now = new_id("taxcalc"), world.timestamp()
    calculation: Obj = {
        "id": calculation_id,
        "object": "tax.calculation",
        "amount_total": sum(whole_of(line, "amount") for line in lines) + exclusive,
        "currency": currency,
        "customer": params.maybe_text("customer"),
        "customer_details": _details(details, address),
        "expires_at": now + _KEPT_SECONDS,
        "livemode": False,
        "ship_from_details": None,
        "shipping_cost": None,
        "tax_amount_exclusive": exclusive,
        "tax_amount_inclusive": _tax(lines, "inclusive"),
        "tax_breakdown": _summed(world, lines),
        "tax_date": params.maybe_whole("tax_date") or now,
    }
    world.lines[calculation_id] = lines
    return world.keep(calculation)


def _address(world: World, params: Params, details: Params) -> Obj:
    """The address that was given, or else the customer's."""
    customer = params.maybe_text("customer")
    if customer is not None:
        found = live_customer(world, customer, "customer")["address"]
        if "address" not in details and isinstance(found, dict):
            return found
    return details.inner("address").values


def _check(items: Sequence[Params]) -> None:
    if not items:
        raise Refusal("You must provide at least one line item.", param="line_items")
    references = [item.maybe_text("reference") for item in items if "reference" in item]
    if len(set(references)) != len(references):
        raise Refusal("Each line item must have a unique reference.", param="line_items")
    for number, item in enumerate(items):
        code = item.maybe_text("tax_code")
        if code and not _CODE.fullmatch(code):
            raise Refusal(f"No such tax code: '{code}'", param=f"line_items[{number}][tax_code]")
        if item.whole("amount") < 0:
            raise Refusal("The amount must not be negative.", param=f"line_items[{number}][amount]")


def _line(world: World, item: Params, place: Place, number: int) -> Obj:
    line_id, behavior = new_id("tax_li"), item.maybe_text("tax_behavior") or "exclusive"
    taxes = breakdown(place, item.whole("amount"), is_inclusive=behavior == "inclusive")
    world.included[line_id, "tax_breakdown"] = list[Json](taxes)
    return world.keep(
        {
            "id": line_id,
            "object": "tax.calculation_line_item",
            "amount": item.whole("amount"),
            "amount_tax": sum(whole_of(tax, "amount") for tax in taxes),
            "livemode": False,
            "metadata": created_metadata(item),
            "product": None,
            "quantity": item.maybe_whole("quantity") or 1,
            "reference": item.maybe_text("reference") or f"L{number}",
            "tax_behavior": behavior,
            "tax_code": item.maybe_text("tax_code") or _DEFAULT_CODE,
        }
    )


def _tax(lines: Sequence[Obj], behavior: str) -> int:
    return sum(whole_of(line, "amount_tax") for line in lines if line["tax_behavior"] == behavior)


def _details(details: Params, address: Obj) -> Obj:
    return {
        "address": {name: address.get(name) for name in _ADDRESS},
        "address_source": details.maybe_text("address_source") or "billing",
        "ip_address": details.maybe_text("ip_address"),
        "tax_ids": details.values.get("tax_ids") or [],
        "taxability_override": details.maybe_text("taxability_override") or "none",
    }


def _summed(world: World, lines: Sequence[Obj]) -> list[Json]:
    """The lines' taxes together, one entry a rate."""
    sums: dict[tuple[str, bool], Obj] = {}
    for line in lines:
        is_inclusive = line["tax_behavior"] == "inclusive"
        taxes = world.included[text_of(line, "id"), "tax_breakdown"]
        for tax in taxes if isinstance(taxes, list) else []:
            if isinstance(tax, dict):
                entry = _entry(tax, is_inclusive=is_inclusive)
                known = sums.setdefault((f"{entry['tax_rate_details']}", is_inclusive), entry)
                for name in ("amount", "taxable_amount"):
                    known[name] = whole_of(known, name) + whole_of(tax, name)
    return list[Json](sums.values())


def _entry(tax: Obj, *, is_inclusive: bool) -> Obj:
    at, rate = inner_of(tax, "jurisdiction"), tax["tax_rate_details"]
    has_rate = isinstance(rate, dict)
    return {
        "amount": 0,
        "inclusive": is_inclusive,
        "tax_rate_details": {
            "country": at["country"],
            "flat_amount": None,
            "percentage_decimal": rate["percentage_decimal"] if isinstance(rate, dict) else "0.0",
            "rate_type": "percentage" if has_rate else None,
            "state": at["state"],
            "tax_type": rate["tax_type"] if isinstance(rate, dict) else None,
        },
        "taxability_reason": tax["taxability_reason"],
        "taxable_amount": 0,
    }


def _retrieve(call: Call) -> Obj:
    return call.world.find("tax.calculation", call.id)


def _list_lines(call: Call) -> Obj:
    call.world.find("tax.calculation", call.id)
    return list_of(reversed(call.world.lines[call.id]), call.params, f"{_PATH}/{call.id}/line_items")


_PATH = "/v1/tax/calculations"

ROUTES: Routes = (
    post(
        _PATH,
        CalculationCreateParams,
        _create,
        "currency customer customer_details line_items tax_date",
    ),
    get(_PATH + "/{id}", CalculationRetrieveParams, _retrieve),
    get(_PATH + "/{id}/line_items", CalculationLineItemListParams, _list_lines, PAGE),
)
