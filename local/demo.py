"""What the demo users have and sell, made through the API as anybody would; what is there already stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from local import payouts
from local.api import Api, Document, items, text
from local.stack import DemoUser, Stack

_NAMES: Final = {
    "carla": "Carla Client",
    "pavel": "Pavel Photographer",
    "petra": "Petra Portrait",
    "sofia": "Sofia Studio",
    "adele": "Adele Admin",
    "felix": "Felix Fan",
}
_PAID: Final = frozenset({"pavel", "petra", "sofia"})
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Offer:
    """A profile with one service, and when its owner works."""

    role: str
    title: str
    jurisdiction: str
    zone: str
    service: str
    price_minor: int
    duration_minutes: int
    opens: str
    closes: str
    page: Mapping[str, object]


_PORTLAND: Final = {"city": "Portland", "country": "US", "latitude": 45.52, "longitude": -122.68}
_OFFERS: Final = {
    "pavel": Offer(
        role="photographer",
        title="Pavel: portraits in daylight",
        jurisdiction="US-OR",
        zone="America/Los_Angeles",
        service="Two hours of portraits",
        price_minor=300_00,
        duration_minutes=120,
        opens="08:00",
        closes="20:00",
        page={
            "handle": "pavel_portraits",
            "headline": "Unhurried portraits in daylight, on film and digital",
            "about": "Twelve years of portraits around Portland: actors, bands, families.\n\n"
            "We talk first, look for the light together, and stop when you like what you see.",
            "languages": ["en", "cs"],
            "home": _PORTLAND,
            "travel_radius_km": 80,
            "postal_code": "97214",
            "details": {
                "role": "photographer",
                "experience": "established",
                "specialties": ["portraits", "editorial"],
                "turnaround_hours": 72,
                "studio_access": "rented",
                "deliverables": ["edited_photos", "print_licence"],
            },
        },
    ),
    "petra": Offer(
        role="model",
        title="Petra: editorial and commercial",
        jurisdiction="US-OR",
        zone="America/Los_Angeles",
        service="Half a day in front of the camera",
        price_minor=480_00,
        duration_minutes=240,
        opens="09:00",
        closes="18:00",
        page={
            "handle": "petra",
            "headline": "Editorial and commercial, on time and prepared",
            "about": "Magazines, look books and campaigns since 2019.",
            "languages": ["en", "de"],
            "home": _PORTLAND,
            "travel_radius_km": 300,
            "postal_code": "97205",
            "details": {
                "role": "model",
                "experience": "established",
                "height_cm": 178,
                "genres": ["editorial", "commercial"],
            },
        },
    ),
}


def load(stack: Stack, api: Api) -> dict[str, DemoUser]:
    """The demo users again, with what each has to sell."""
    return {name: _load_user(api, name, user) for name, user in stack.users.items()}


def _load_user(api: Api, name: str, user: DemoUser) -> DemoUser:
    me = api.call("GET", "/v1/me", user=name)
    if not text(me, "display_name"):
        api.call("PATCH", "/v1/me", user=name, body={"display_name": _NAMES.get(name, name.title())})
    if name in _PAID:
        payouts.onboard(api, name)
    return _with_offer(api, name, user, _OFFERS[name]) if name in _OFFERS else user


def _with_offer(api: Api, name: str, user: DemoUser, offer: Offer) -> DemoUser:
    """Each step is left out where it has been taken: a launcher that was cut off goes on."""
    profiles = items(api.call("GET", "/v1/me/profiles", user=name))
    profile = profiles[0] if profiles else _create_profile(api, name, offer)
    profile_id = text(profile, "id")
    services = items(profile, "services") or [_create_service(api, name, profile_id, offer)]
    if not profile.get("headline"):
        page = f"/v1/me/profiles/{profile_id}"
        version = api.call("GET", page, user=name)["version"]
        api.call("PATCH", page, user=name, body={**offer.page, "version": version})
    if profile.get("is_published") is not True:
        weekly = {day: [{"opens": offer.opens, "closes": offer.closes}] for day in _WEEKDAYS}
        api.call("PUT", "/v1/calendar/rules", user=name, body={"zone": offer.zone, "weekly": weekly})
        api.call("POST", f"/v1/profiles/{profile_id}/publish", user=name)
    return user.model_copy(update={"profile_id": profile_id, "service_id": text(services[0], "id")})


def _create_profile(api: Api, name: str, offer: Offer) -> Document:
    body = {
        "role": offer.role,
        "title": offer.title,
        "jurisdiction": offer.jurisdiction,
        "zone": offer.zone,
        "languages": ["en"],
    }
    return api.call("POST", "/v1/profiles", user=name, body=body)


def _create_service(api: Api, name: str, profile_id: str, offer: Offer) -> Document:
    body = {
        "title": offer.service,
        "price": {"amount_minor": offer.price_minor, "currency": "USD"},
        "duration_minutes": offer.duration_minutes,
    }
    return api.call("POST", f"/v1/profiles/{profile_id}/services", user=name, body=body)
