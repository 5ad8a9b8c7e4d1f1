"""One rule says what one person may move alone, of refunds, of adjustments and of credit."""

import pytest

from callsheet.bookings.fees import SCHEDULES
from callsheet.kernel.money import Money
from callsheet.ledger.second_person import limit_of, needs_second_person


@pytest.mark.parametrize(
    ("minor", "currency", "is_needed"),
    [
        (500_00, "USD", False),
        (500_01, "USD", True),
        (-500_00, "EUR", False),
        (-500_01, "EUR", True),
        (75_000, "JPY", False),
        (75_001, "JPY", True),
        (500_000, "KWD", False),
        (500_001, "KWD", True),
    ],
)
def test_above_five_hundred_it_takes_two(minor: int, currency: str, is_needed: bool) -> None:
    assert needs_second_person(Money.of(minor, currency)) is is_needed


@pytest.mark.parametrize("currency", sorted(SCHEDULES))
def test_it_is_half_of_where_the_second_fee_tier_begins_wherever_services_are_sold(currency: str) -> None:
    assert limit_of(currency).amount_minor * 2 == SCHEDULES[currency].tier_limit_minor
