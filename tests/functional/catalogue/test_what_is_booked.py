"""What was booked stays as it was, whatever becomes of the profile and of the service."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from callsheet.bookings.errors import NotOffered, ProviderNotFound
from callsheet.bookings.model import BookingView, CreateBooking
from callsheet.bookings.rules import BookingStatus
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.errors import InvalidTerms
from callsheet.catalogue.publish_profile import publish_profile
from callsheet.catalogue.selling import CreateService, UpdateService
from callsheet.catalogue.unpublish_profile import unpublish_profile
from callsheet.catalogue.update_service import update_service
from callsheet.kernel.principal import Role
from tests.functional.catalogue.test_services import EXTRAS, PACKAGES
from tests.support.profiles import SESSION
from tests.support.reviews import rating, read_by_all, say
from tests.support.stage import Stage, somebody


@pytest.fixture
def stage(tables: None) -> Stage:
    stage = Stage()
    change(stage, packages=PACKAGES, extras=EXTRAS)
    return stage


def catalogue(stage: Stage) -> CatalogueDeps:
    return CatalogueDeps(clock=stage.clock)


def change(stage: Stage, **asked: object) -> None:
    pavel = stage.pavel
    command = UpdateService.model_validate(asked)
    update_service(pavel.profile_id, pavel.service_id, command, pavel.user, catalogue(stage))


def asked(stage: Stage, days: int = 3) -> CreateBooking:
    return CreateBooking(
        provider_id=stage.pavel.profile_id,
        service_id=stage.pavel.service_id,
        starts_at=stage.clock.now() + timedelta(days=days),
        package="half_day",
        extras=("lights",),
        payment_method="pm_card_visa",
    )


def unpublish(stage: Stage) -> None:
    unpublish_profile(stage.pavel.profile_id, stage.pavel.user, catalogue(stage))


def play_to_the_end(stage: Stage, *bookings: BookingView) -> None:
    stage.advance(hours=24 * 7)
    for booking in bookings:
        assert stage.case(booking).booking.status is BookingStatus.COMPLETED


def test_with_open_bookings_a_profile_becomes_a_draft_and_they_go_on_to_the_end(stage: Stage) -> None:
    pending, accepted = stage.book(asked(stage)), stage.accept(stage.book(asked(stage, days=2)))
    unpublish(stage)
    with pytest.raises(ProviderNotFound):
        stage.book(asked(stage, days=5), by=somebody(Role.CLIENT))
    assert stage.accept(pending).status is BookingStatus.ACCEPTED
    amendment = stage.consent(stage.propose(accepted))
    assert amendment.status == "accepted"
    play_to_the_end(stage, pending, accepted)
    say(stage, pending, stage.carla, 5)
    say(stage, pending, stage.pavel.user, 5)
    publish_profile(stage.pavel.profile_id, stage.pavel.user, catalogue(stage))
    assert rating(stage).reviews == 1
    assert [review.stars for review in read_by_all(stage)] == [5]


def test_what_is_declined_or_cancelled_after_the_profile_is_a_draft_goes_back_as_ever(stage: Stage) -> None:
    declined, cancelled = stage.book(asked(stage)), stage.accept(stage.book(asked(stage, days=5)))
    unpublish(stage)
    assert stage.decline(declined).status is BookingStatus.CANCELLED
    ended = stage.cancel(cancelled, stage.pavel.user)
    assert ended.cancellation is not None
    assert ended.cancellation.refund == cancelled.total


def test_a_service_that_changes_or_ends_leaves_what_was_booked_as_it_was(stage: Stage) -> None:
    pavel = stage.pavel
    create_service(pavel.profile_id, CreateService.model_validate(SESSION), pavel.user, catalogue(stage))
    booking = stage.book(asked(stage))
    change(stage, price={"amount_minor": 1_000, "currency": "USD"}, packages=(), extras=(), title="Else")
    with pytest.raises(NotOffered):
        stage.book(asked(stage, days=5), by=somebody(Role.CLIENT))
    change(stage, is_active=False)
    before = stage.case(booking).booking
    stage.accept(booking)
    after = stage.case(booking).booking
    for name in ("price", "starts_at", "ends_at", "policy", "service_id"):
        assert getattr(after, name) == getattr(before, name)
    play_to_the_end(stage, booking)


def test_prices_of_a_service_have_one_currency_and_change_it_together(stage: Stage) -> None:
    def in_currency(currency: str, parts: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
        return [{**part, "price": {"amount_minor": 5_000, "currency": currency}} for part in parts]

    sold = CreateService.model_validate(SESSION).model_dump() | {"extras": in_currency("EUR", EXTRAS)}
    with pytest.raises(ValueError, match="currency of the service"):
        CreateService.model_validate(sold)
    price = {"amount_minor": 30_000, "currency": "EUR"}
    for parts in (
        {"extras": in_currency("EUR", EXTRAS)},
        {"packages": in_currency("EUR", PACKAGES)},
        {"price": price, "extras": in_currency("EUR", EXTRAS)},
    ):
        with pytest.raises(InvalidTerms):
            change(stage, **parts)
    change(stage, price=price, extras=in_currency("EUR", EXTRAS), packages=in_currency("EUR", PACKAGES))
    booking = stage.book(asked(stage))
    assert {line.amount.currency for line in booking.price.lines} == {"EUR"}
    assert booking.total.currency == "EUR"
