"""Stripe Tax in memory: rates by level, each rounded for itself; one transaction a reference. Every call is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from callsheet.gateways.errors import CalculationExpired, PaymentsUnavailable
from callsheet.gateways.tax import PartAmount, TaxableLine, TaxAnswer, TaxedLine, TaxRequest, TaxTransaction
from callsheet.gateways.tax_details import TaxDetail, TaxedPart
from callsheet.kernel.money import Money

NEW_YORK = ("4", "4.5", "0.375")
LEVELS = ("state", "city", "district")


@dataclass(slots=True)
class FakeTax:
    """Implements `TaxGateway`. `rates` are the percentages of each level; `is_away` answers nobody.

    `rounds` is how an amount of tax becomes whole: Stripe says how it rounds, but not in every case the same.
    """

    rates: Sequence[str] = NEW_YORK
    rounds: Callable[[Money, Fraction], Money] = Money.times
    calls: list[str] = field(default_factory=list)
    requests: list[TaxRequest] = field(default_factory=list)
    calculations: dict[str, TaxAnswer] = field(default_factory=dict)
    transactions: dict[str, TaxTransaction] = field(default_factory=dict)
    reversals: dict[str, TaxTransaction] = field(default_factory=dict)
    is_away: bool = False
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def calculate(self, request: TaxRequest) -> TaxAnswer:
        self._called("calculate")
        self.requests.append(request)
        lines = tuple(self._taxed(line, request) for line in request.lines)
        answer = TaxAnswer(lines=lines, version="stripe-tax", calculation_id=f"taxcalc_{next(self._numbers)}")
        self.calculations[answer.calculation_id or ""] = answer
        return answer

    def commit(self, calculation_id: str, reference: str) -> TaxTransaction:
        self._called("commit")
        if reference in self.transactions:
            return self.transactions[reference]
        if calculation_id not in self.calculations:
            raise CalculationExpired
        lines = tuple(
            PartAmount(part=line.part, amount=line.amount, tax=line.tax, line_id=f"tax_li_{line.part}")
            for line in self.calculations[calculation_id].lines
        )
        made = TaxTransaction(id=f"tax_{next(self._numbers)}", reference=reference, lines=lines)
        self.transactions[reference] = made
        return made

    def reverse(
        self, transaction: TaxTransaction, reference: str, amounts: Sequence[PartAmount] | None
    ) -> TaxTransaction:
        self._called("reverse")
        if reference not in self.reversals:
            lines = transaction.lines if amounts is None else tuple(amounts)
            self.reversals[reference] = TaxTransaction(
                id=f"tax_{next(self._numbers)}", reference=reference, lines=lines
            )
            self._check_nothing_is_reversed_twice(transaction)
        return self.reversals[reference]

    def expire(self) -> None:
        """Ninety days go by."""
        self.calculations.clear()

    def reversed_minor(self, part: TaxedPart) -> tuple[int, int]:
        """What has been taken back of a part: the amount, and its tax."""
        back = [line for made in self.reversals.values() for line in made.lines if line.part is part]
        return sum(line.amount.amount_minor for line in back), sum(line.tax.amount_minor for line in back)

    def _check_nothing_is_reversed_twice(self, transaction: TaxTransaction) -> None:
        """Stripe refuses more than there was."""
        for line in transaction.lines:
            amount, tax = self.reversed_minor(line.part)
            assert amount <= line.amount.amount_minor
            assert tax <= line.tax.amount_minor

    def _taxed(self, line: TaxableLine, request: TaxRequest) -> TaxedLine:
        details = tuple(
            TaxDetail(
                part=line.part,
                amount=self.rounds(line.amount, Fraction(rate) / 100),
                taxable=line.amount,
                percentage=rate,
                country=request.place.country,
                state=request.place.state,
                level=level,
                display_name=f"The {level}",
                taxability_reason="standard_rated",
            )
            for rate, level in zip(self.rates, LEVELS, strict=False)
        )
        tax = Money.of(sum(detail.amount.amount_minor for detail in details), line.amount.currency)
        rate = sum((Fraction(rate) for rate in self.rates), Fraction(0)) / 100
        return TaxedLine(part=line.part, amount=line.amount, tax=tax, rate=rate, details=details)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.is_away:
            raise PaymentsUnavailable
