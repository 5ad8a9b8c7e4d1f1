"""What the catalogue refuses to be told."""

import pytest
from pydantic import ValidationError

from callsheet.bookings.cancellation import POLICIES
from callsheet.catalogue.model import CreateProfile
from callsheet.catalogue.selling import CreateService, PolicyKey

USD_300 = {"amount_minor": 30_000, "currency": "USD"}


def a_page(**changed: object) -> dict[str, object]:
    page = {
        "role": "photographer",
        "title": "Portraits",
        "jurisdiction": "US-OR",
        "zone": "America/Los_Angeles",
    }
    return {**page, **changed}


def a_service(**changed: object) -> dict[str, object]:
    return {"title": "Two hours", "price": USD_300, "duration_minutes": 120, **changed}


def an_extra(key: str = "lights", currency: str = "USD", amount_minor: int = 1000) -> dict[str, object]:
    price = {"amount_minor": amount_minor, "currency": currency}
    return {"key": key, "title": "Lights", "price": price}


def test_every_policy_that_can_be_chosen_has_its_figures() -> None:
    assert {key.value for key in PolicyKey} == set(POLICIES)


def test_a_service_has_the_defaults_of_the_design() -> None:
    service = CreateService.model_validate(a_service())
    assert (service.policy_key, service.answer_hours, service.acceptance_hours) == ("default", 24, 48)
    assert (service.buffer_before_minutes, service.buffer_after_minutes) == (0, 0)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("role", {"role": "plumber"}),
        ("title", {"title": " "}),
        ("title", {"title": "x" * 81}),
        ("title", {"title": "a\nb"}),
        ("jurisdiction", {"jurisdiction": "Oregon"}),
        ("jurisdiction", {"jurisdiction": "us-or"}),
        ("zone", {"zone": "Oregon"}),
        ("languages", {"languages": ["english"]}),
        ("languages", {"languages": ["en"] * 11}),
        ("is_published", {"is_published": True}),
        ("user_id", {"user_id": "usr_1"}),
    ],
)
def test_a_bad_page_is_told_with_its_field(field: str, changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        CreateProfile.model_validate(a_page(**changed))
    assert refusal.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("price", {"price": {"amount_minor": 300.5, "currency": "USD"}}),
        ("price", {"price": {"amount_minor": "30000", "currency": "USD"}}),
        ("price", {"price": {"amount_minor": 10**13, "currency": "USD"}}),
        ("price", {"price": {"amount_minor": 30_000, "currency": "USDT"}}),
        ("price", {"price": {"amount_minor": 30_000, "currency": "XXA"}}),
        ("duration_minutes", {"duration_minutes": 0}),
        ("duration_minutes", {"duration_minutes": 100}),
        ("duration_minutes", {"duration_minutes": 15 * 24 * 60}),
        ("policy_key", {"policy_key": "none"}),
        ("answer_hours", {"answer_hours": 11}),
        ("answer_hours", {"answer_hours": 49}),
        ("acceptance_hours", {"acceptance_hours": 24}),
        ("buffer_before_minutes", {"buffer_before_minutes": 10}),
        ("buffer_after_minutes", {"buffer_after_minutes": -15}),
        ("extras", {"extras": [an_extra(key="Big Lights")]}),
        ("extras", {"extras": [an_extra(key=f"lights_{number}") for number in range(21)]}),
        ("is_active", {"is_active": False}),
    ],
)
def test_a_bad_service_is_told_with_its_field(field: str, changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        CreateService.model_validate(a_service(**changed))
    assert refusal.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("more than zero", {"price": {"amount_minor": 0, "currency": "USD"}}),
        ("more than zero", {"price": {"amount_minor": -1, "currency": "USD"}}),
        ("more than zero", {"price": {"amount_minor": 100_000_000, "currency": "USD"}}),
        ("more than zero", {"extras": [an_extra(amount_minor=0)]}),
        ("currency of the service", {"extras": [an_extra(currency="EUR")]}),
        ("keys of their own", {"extras": [an_extra(), an_extra()]}),
    ],
)
def test_prices_that_nobody_could_pay_are_refused(words: str, changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=words):
        CreateService.model_validate(a_service(**changed))
