"""Services change, come in packages and with extras, and are no longer sold; what they cost is a quote's to say."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from callsheet.bookings.errors import NotOffered
from callsheet.bookings.model import CreateBooking, QuoteBooking
from callsheet.bookings.quote_booking import quote_booking
from callsheet.bookings.quoting_deps import QuotingDeps
from callsheet.catalogue.create_profile import create_profile
from callsheet.catalogue.create_service import create_service
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.errors import InvalidTerms, ProfileIncomplete, ServiceNotFound
from callsheet.catalogue.get_own_profile import get_own_profile
from callsheet.catalogue.list_services import list_services
from callsheet.catalogue.model import CreateProfile
from callsheet.catalogue.rules import MAX_SERVICES
from callsheet.catalogue.selling import MAX_PRICE_MINOR, CreateService, Service, UpdateService
from callsheet.catalogue.update_service import update_service
from callsheet.kernel.errors import Forbidden
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Role
from callsheet.platform.records import EventItem
from callsheet.platform.stale import Stale
from tests.support.gateway import Caller, Gateway
from tests.support.profiles import SESSION
from tests.support.stage import Stage, somebody

PACKAGES = [
    {
        "key": "half_day",
        "title": "Half a day",
        "price": {"amount_minor": 50_000, "currency": "USD"},
        "duration_minutes": 240,
        "description": "Two looks.\nTwenty pictures.",
    }
]
EXTRAS = [
    {"key": "lights", "title": "Lights", "price": {"amount_minor": 2_500, "currency": "USD"}},
    {
        "key": "assistant",
        "title": "Assistant",
        "price": {"amount_minor": 4_001, "currency": "USD"},
        "unit": "per_hour",
    },
    {
        "key": "catering",
        "title": "Catering",
        "price": {"amount_minor": 1_500, "currency": "USD"},
        "unit": "per_person",
    },
]


@pytest.fixture
def stage(tables: None) -> Stage:
    return Stage()


def change(stage: Stage, service_id: str | None = None, /, **asked: object) -> Service:
    pavel = stage.pavel
    command = UpdateService.model_validate(asked)
    deps = CatalogueDeps(clock=stage.clock)
    return update_service(pavel.profile_id, service_id or pavel.service_id, command, pavel.user, deps)


def sold(stage: Stage) -> list[Service]:
    return list(list_services(stage.pavel.profile_id, stage.carla, CatalogueDeps(clock=stage.clock)).items)


def lines(stage: Stage, hours: float | None = None, /, **asked: object) -> Mapping[str, int]:
    starts_at = stage.clock.now() + timedelta(days=3)
    span: dict[str, object] = {"starts_at": starts_at}
    if hours is not None:
        span["ends_at"] = starts_at + timedelta(hours=hours)
    question = {"provider_id": stage.pavel.profile_id, "service_id": stage.pavel.service_id, **span, **asked}
    deps = QuotingDeps(clock=stage.clock, tax=stage.deps.tax, cursors=stage.deps.cursors)
    quote = quote_booking(QuoteBooking.model_validate(question), stage.carla, deps)
    return {line.kind: line.amount.amount_minor for line in quote.lines}


def facts(service_id: str) -> list[str]:
    return [item.document.name for item in EventItem.query(service_id)]


def test_a_changed_service_is_sold_as_it_is_now_and_told_of_with_the_profile_s_version(stage: Stage) -> None:
    before = get_own_profile(stage.pavel.profile_id, stage.pavel.user, CatalogueDeps(clock=stage.clock))
    changed = change(
        stage, packages=PACKAGES, extras=EXTRAS, description="By the river", version=before.version
    )
    assert sold(stage) == [changed]
    assert (changed.title, changed.packages[0].key, changed.extras[2].unit) == (
        "Portraits",
        "half_day",
        "per_person",
    )
    told = list(EventItem.query(changed.id))[-1].document
    assert told.name == "service.changed"
    assert (told.payload["profile_version"], told.payload["is_active"]) == (before.version + 1, True)
    with pytest.raises(Stale):
        change(stage, title="Else", version=before.version)
    assert sold(stage) == [changed]


def test_a_change_that_changes_nothing_is_not_told(stage: Stage) -> None:
    change(stage, title="Portraits")
    assert facts(stage.pavel.service_id) == ["service.created"]


def test_parts_that_do_not_fit_together_are_refused(stage: Stage) -> None:
    change(stage, packages=PACKAGES)
    before = sold(stage)
    for asked in (
        {"price": {"amount_minor": 100, "currency": "EUR"}},
        {"packages": PACKAGES * 2},
        {"price": {"amount_minor": 0, "currency": "USD"}},
    ):
        with pytest.raises(InvalidTerms):
            change(stage, **asked)
    assert sold(stage) == before


def test_a_service_is_described_in_eight_thousand_characters_at_most(stage: Stage) -> None:
    """Fifty of them are one answer, which has to fit into six megabytes."""
    package = {**PACKAGES[0], "description": "鏡" * 4_000}
    long = [{**package, "key": key} for key in ("one", "two")]
    changed = change(stage, packages=long)
    for refused in ({"description": "x"}, {"packages": [*long, {**package, "key": "three"}]}):
        with pytest.raises(InvalidTerms):
            change(stage, **refused)
    assert sold(stage) == [changed]
    with pytest.raises(ValueError, match="8000 characters together"):
        CreateService.model_validate({**SESSION, "packages": long, "description": "x"})
    assert change(stage, packages=long[:1], description="x").description == "x"


def test_the_longest_page_fits_into_one_answer() -> None:
    """AWS Lambda, "Quotas": 6 MB of an answer."""
    price = {"amount_minor": MAX_PRICE_MINOR, "currency": "USD"}
    title, key = "\N{CAMERA WITH FLASH}" * 80, "k" * 30
    part = {"title": title, "price": price, "unit": "per_person"}
    package = {"title": title, "price": price, "duration_minutes": 120}
    service = Service.model_validate(
        {
            "id": new_id("svc"),
            "profile_id": new_id("prf"),
            "user_id": new_id("usr"),
            "title": title,
            "price": price,
            "duration_minutes": 120,
            "description": "\N{CAMERA WITH FLASH}" * 4_000,
            "packages": [
                {**package, "key": f"{key}{number:02}", "description": "\N{CAMERA WITH FLASH}" * 400}
                for number in range(10)
            ],
            "extras": [{**part, "key": f"{key}{number:02}"} for number in range(20)],
        }
    )
    assert MAX_SERVICES * len(service.model_dump_json().encode()) < 6_000_000


def test_what_is_sold_no_longer_cannot_be_booked_and_what_is_booked_stays(stage: Stage) -> None:
    gateway, pavel = Gateway(), Caller.named(stage.pavel.user.id, "provider")
    path = f"/v1/profiles/{stage.pavel.profile_id}/services"
    assert gateway.call("POST", path, user=pavel, body=SESSION).status == 201
    command = CreateBooking(
        provider_id=stage.pavel.profile_id,
        service_id=stage.pavel.service_id,
        starts_at=stage.clock.now() + timedelta(days=3),
        payment_method="pm_card_visa",
    )
    booked = stage.book(command)
    assert change(stage, is_active=False).is_active is False
    assert stage.pavel.service_id not in {service.id for service in sold(stage)}
    with pytest.raises(ServiceNotFound):
        stage.book(command, by=somebody(Role.CLIENT))
    assert stage.accept(booked).status == "accepted"
    own = gateway.call("GET", f"/v1/me/profiles/{stage.pavel.profile_id}", user=pavel).json()["services"]
    assert isinstance(own, list)
    assert [service["is_active"] for service in own] == [False, True]
    assert change(stage, is_active=True).is_active is True


def test_a_published_profile_keeps_something_to_sell(stage: Stage) -> None:
    with pytest.raises(ProfileIncomplete) as refusal:
        change(stage, is_active=False)
    assert refusal.value.extra["missing"] == ["service"]
    assert len(sold(stage)) == 1


def test_a_draft_s_service_cannot_be_booked_through_another_profile_of_its_owner(stage: Stage) -> None:
    pavel, catalogue = stage.pavel.user, CatalogueDeps(clock=stage.clock)
    page = CreateProfile(role=ProfileRole.EDITOR, title="Cuts", jurisdiction="US-OR", zone="UTC")
    draft = create_profile(page, pavel, catalogue)
    service = create_service(draft.id, CreateService.model_validate(SESSION), pavel, catalogue)
    for published in (stage.pavel.profile_id, pavel.id):
        with pytest.raises(ServiceNotFound):
            lines(stage, provider_id=published, service_id=service.id)
        with pytest.raises(ServiceNotFound):
            stage.book(
                CreateBooking(
                    provider_id=published,
                    service_id=service.id,
                    starts_at=stage.clock.now() + timedelta(days=3),
                    payment_method="pm_card_visa",
                )
            )
    assert stage.intents == {}


def test_nobody_changes_a_service_of_somebody_else(stage: Stage) -> None:
    deps, asked = CatalogueDeps(clock=stage.clock), UpdateService(title="Mine")
    with pytest.raises(Forbidden):
        update_service(stage.pavel.profile_id, stage.pavel.service_id, asked, somebody(Role.PROVIDER), deps)
    for stranger in (new_id("svc"), "x" * 3000):
        with pytest.raises(ServiceNotFound):
            change(stage, stranger, title="Mine")
    assert sold(stage)[0].title == "Portraits"


def test_a_quote_has_a_line_for_the_package_and_for_each_extra(stage: Stage) -> None:
    change(stage, packages=PACKAGES, extras=EXTRAS)
    assert lines(stage) == {"package": 30_000, "client_fee": 1_500}
    chosen = {"package": "half_day", "extras": ["catering", "lights", "assistant"], "persons": 4}
    assert lines(stage, **chosen) == {
        "package": 50_000,
        "extra:lights": 2_500,
        "extra:assistant": 4 * 4_001,
        "extra:catering": 4 * 1_500,
        "client_fee": (50_000 + 2_500 + 16_004 + 6_000) // 20,
    }
    # Five and a half hours, the last of them begun: eleven half hours of the package's eight.
    longer = lines(stage, 5.25, package="half_day", extras=["assistant"])
    assert (longer["package"], longer["extra:assistant"]) == (68_750, 22_006)


def test_what_the_service_does_not_offer_is_refused_and_nothing_is_held(stage: Stage) -> None:
    change(stage, packages=PACKAGES, extras=EXTRAS)
    for asked, keys in (({"package": "day"}, ["day"]), ({"extras": ["lights", "smoke"]}, ["smoke"])):
        with pytest.raises(NotOffered) as refusal:
            lines(stage, **asked)
        assert refusal.value.extra == {"keys": keys}
    assert stage.intents == {}


def test_a_booking_costs_what_its_quote_said_and_lasts_as_long_as_its_package(stage: Stage) -> None:
    change(stage, packages=PACKAGES, extras=EXTRAS)
    starts_at = stage.clock.now() + timedelta(days=3)
    booking = stage.book(
        CreateBooking(
            provider_id=stage.pavel.profile_id,
            service_id=stage.pavel.service_id,
            starts_at=starts_at,
            package="half_day",
            extras=("assistant",),
            payment_method="pm_card_visa",
        )
    )
    assert booking.ends_at == starts_at + timedelta(hours=4)
    quoted = lines(stage, package="half_day", extras=["assistant"])
    assert booking.total.amount_minor == sum(quoted.values())
    assert [line.key for line in booking.price.lines] == ["package", "extra:assistant"]


def test_a_direct_offer_names_no_package(stage: Stage) -> None:
    with pytest.raises(ValueError, match="direct offer"):
        QuoteBooking(provider_id=stage.pavel.profile_id, amount=100, package="half_day")
