"""Taxes through Stripe Tax: the port of `gateways/tax.py` over the `stripe` SDK.

Sources: Stripe, "Collect tax with a custom payment flow", "Tax Calculations" and "Tax Transactions". Stripe has no list
of tax transactions and no way to ask for one by its reference: whoever needs one again must keep its id.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import stripe

from callsheet.gateways.errors import CalculationExpired, TaxPlaceUnknown, TaxReferenceTaken
from callsheet.gateways.stripe_amounts import from_stripe, to_stripe
from callsheet.gateways.stripe_client import MISSING, outcome, past_a_kept_failure, services
from callsheet.gateways.tax import (
    PartAmount,
    TaxableLine,
    TaxAnswer,
    TaxedLine,
    TaxPlace,
    TaxRequest,
    TaxTransaction,
)
from callsheet.gateways.tax_details import TaxDetail, TaxedPart

if TYPE_CHECKING:
    from stripe.params.tax import (
        CalculationCreateParams,
        CalculationCreateParamsCustomerDetailsAddress,
        CalculationCreateParamsLineItem,
        TransactionCreateFromCalculationParams,
        TransactionCreateReversalParams,
        TransactionCreateReversalParamsLineItem,
    )
    from stripe.tax import Calculation, CalculationLineItem, Transaction

    type _Breakdown = CalculationLineItem.TaxBreakdown

VERSION = "stripe-tax"
# Stripe, "Tax codes": General - Services, for the work itself and for what we charge for arranging it.
_SERVICES = "txcd_20030000"
_LINES = "line_items"
_BREAKDOWN = "line_items.data.tax_breakdown"
_NO_SUCH_PLACE = "customer_tax_location_invalid"
_TRANSACTION_ID = re.compile(r"\btax_[0-9A-Za-z]+\b")


class StripeTax:
    """Implements `TaxGateway`. `http_client`, or else the SDK's own, replaces the network in tests."""

    def __init__(self, http_client: stripe.HTTPClient | None = None) -> None:
        self._http = http_client

    def calculate(self, request: TaxRequest) -> TaxAnswer:
        if not request.lines:
            return TaxAnswer(lines=(), version=VERSION)
        try:
            with outcome():
                # Nothing comes of a calculation by itself, so the SDK's own key, which its repetitions keep, will do.
                made = services(self._http).tax.calculations.create(_calculation_params(request))
        except stripe.InvalidRequestError as error:
            if error.code == _NO_SUCH_PLACE:
                raise TaxPlaceUnknown(extra={"jurisdiction": request.jurisdiction}) from error
            raise
        return _answer(made)

    def commit(self, calculation_id: str, reference: str) -> TaxTransaction:
        params: TransactionCreateFromCalculationParams = {
            "calculation": calculation_id,
            "reference": reference,
            "expand": [_LINES],
        }

        def ask(key: str) -> "Transaction":
            return services(self._http).tax.transactions.create_from_calculation(
                params, {"idempotency_key": key}
            )

        try:
            with outcome():
                return _transaction(past_a_kept_failure(ask, f"{reference}/tax/{calculation_id}"))
        except stripe.InvalidRequestError as error:
            if error.param == "calculation" or error.code == MISSING:
                raise CalculationExpired from error
            return self._made_before(error, reference)

    def reverse(
        self, transaction: TaxTransaction, reference: str, amounts: Sequence[PartAmount] | None
    ) -> TaxTransaction:
        params: TransactionCreateReversalParams = {
            "mode": "full" if amounts is None else "partial",
            "original_transaction": transaction.id,
            "reference": reference,
            "expand": [_LINES],
        }
        if amounts is not None:
            params["line_items"] = [_reversed(transaction, reference, amount) for amount in amounts]

        def ask(key: str) -> "Transaction":
            return services(self._http).tax.transactions.create_reversal(params, {"idempotency_key": key})

        try:
            with outcome():
                return _transaction(past_a_kept_failure(ask, f"{reference}/tax"))
        except stripe.InvalidRequestError as error:
            return self._made_before(error, reference)

    def _made_before(self, error: stripe.InvalidRequestError, reference: str) -> TaxTransaction:
        """The transaction that has the reference, where the refusal names it; keys are forgotten after a day.

        Any other refusal is a bug of ours and goes on as it is.
        """
        if error.param != "reference":
            raise error
        named = _TRANSACTION_ID.search(str(error.user_message or ""))
        if named is None:
            raise TaxReferenceTaken from error
        with outcome():
            found = services(self._http).tax.transactions.retrieve(named.group(), {"expand": [_LINES]})
        if found.reference != reference:
            raise TaxReferenceTaken from error
        return _transaction(found)


def _calculation_params(request: TaxRequest) -> "CalculationCreateParams":
    return {
        "currency": request.lines[0].amount.currency.lower(),
        "customer_details": {"address": _address(request.place), "address_source": "shipping"},
        "line_items": [_line_item(line) for line in request.lines],
        "expand": [_BREAKDOWN],
    }


def _address(place: TaxPlace) -> "CalculationCreateParamsCustomerDetailsAddress":
    address: CalculationCreateParamsCustomerDetailsAddress = {"country": place.country}
    if place.state is not None:
        address["state"] = place.state
    if place.postal_code is not None:
        address["postal_code"] = place.postal_code
    return address


def _line_item(line: TaxableLine) -> "CalculationCreateParamsLineItem":
    return {
        "amount": to_stripe(line.amount),
        "reference": line.part.value,
        "tax_behavior": "exclusive",
        "tax_code": _SERVICES,
    }


def _reversed(
    transaction: TaxTransaction, reference: str, amount: PartAmount
) -> "TransactionCreateReversalParamsLineItem":
    """Amounts of a reversal are negative."""
    original = next(line for line in transaction.lines if line.part is amount.part)
    return {
        "original_line_item": original.line_id or "",
        "reference": f"{reference}/{amount.part.value}",
        "amount": -to_stripe(amount.amount),
        "amount_tax": -to_stripe(amount.tax),
    }


def _answer(made: "Calculation") -> TaxAnswer:
    lines = made.line_items.data if made.line_items is not None else []
    return TaxAnswer(
        lines=tuple(_taxed(line, made.currency) for line in lines),
        version=VERSION,
        calculation_id=made.id,
        expires_at=None if made.expires_at is None else datetime.fromtimestamp(made.expires_at, UTC),
    )


def _taxed(line: "CalculationLineItem", currency: str) -> TaxedLine:
    part, breakdown = TaxedPart(line.reference), line.tax_breakdown or []
    return TaxedLine(
        part=part,
        amount=from_stripe(line.amount, currency),
        tax=from_stripe(line.amount_tax, currency),
        rate=_rate(line, breakdown),
        details=tuple(_detail(part, tax, currency) for tax in breakdown),
    )


def _rate(line: "CalculationLineItem", breakdown: Sequence["_Breakdown"]) -> Fraction:
    """The sum of the rates, where that is what was counted with; else the share that the tax is of the line."""
    listed = (
        sum((_percentage(tax) * tax.taxable_amount for tax in breakdown), Fraction(0)) / 100 / line.amount
    )
    is_exact = abs(listed * line.amount - line.amount_tax) <= max(len(breakdown), 1)
    return listed if is_exact else Fraction(line.amount_tax, line.amount)


def _percentage(tax: "_Breakdown") -> Fraction:
    details = tax.tax_rate_details
    return Fraction(0) if details is None else Fraction(details.percentage_decimal)


def _detail(part: TaxedPart, tax: "_Breakdown", currency: str) -> TaxDetail:
    where, rate = tax.jurisdiction, tax.tax_rate_details
    return TaxDetail(
        part=part,
        amount=from_stripe(tax.amount, currency),
        taxable=from_stripe(tax.taxable_amount, currency),
        percentage="0" if rate is None else rate.percentage_decimal,
        country=where.country,
        state=where.state,
        level=where.level,
        display_name=where.display_name,
        taxability_reason=tax.taxability_reason,
    )


def _transaction(made: "Transaction") -> TaxTransaction:
    lines = made.line_items.data if made.line_items is not None else []
    return TaxTransaction(
        id=made.id,
        reference=made.reference,
        lines=tuple(
            PartAmount(
                part=TaxedPart(line.reference.rpartition("/")[2]),
                amount=from_stripe(line.amount, made.currency),
                tax=from_stripe(line.amount_tax, made.currency),
                line_id=line.id,
            )
            for line in lines
        ),
    )
