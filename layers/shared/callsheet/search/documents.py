"""What a search engine is given of a profile: fields named here one by one, and nothing else.

All of it stands on the profile's public page, but for two rates that results are ranked by: they are there where they
are not zero, in no schema, so that nobody can filter, sort or count by them, and no answer shows them (ADR 0215). Other
fields that no schema names are shown and not searched.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

from callsheet.catalogue.conduct import Conduct
from callsheet.catalogue.details import RoleDetails
from callsheet.catalogue.for_search import Shown
from callsheet.catalogue.home import StoredHome
from callsheet.catalogue.selling import Package, Service
from callsheet.gateways.indexing import Document, Value
from callsheet.search.ratings import smoothed
from callsheet.search.schemas import PUBLIC

# What the roles' details have of these goes into one field, which people search and filter by.
_TAGS = ("specialties", "genres", "topics")
_LISTS = ("deliverables", "software")
_SINGLE = ("studio_access", "has_kit", "height_cm", "turnaround_hours")


def people_document(shown: Shown) -> Document:
    """Everything that is found of a profile. `checksum` tells two contents apart, `version` is the profile's."""
    profile, rating = shown.profile, shown.rating
    found: dict[str, Value | None] = {
        "id": profile.id,
        "owner_id": profile.user_id,
        "visibility": PUBLIC,
        "role": profile.role.value,
        "title": profile.title,
        "slug": profile.slug,
        "handle": profile.handle,
        "headline": profile.headline,
        "about": profile.about,
        "languages": sorted({tag.partition("-")[0] for tag in profile.languages}),
        "travel_radius_km": profile.travel_radius_km,
        "picture_id": profile.picture_ids[0] if profile.picture_ids else None,
        "services": [service.title for service in shown.services],
        "rating_average": rating.average,
        "rating_count": rating.reviews,
        "rating": smoothed(rating.stars, rating.reviews),
        "instant_booking": profile.instant_booking,
        "background_checked": profile.background_checked,
        "created": int(profile.created_at.timestamp()),
        "tie_break": tie_break(profile.id),
        "version": shown.version,
        **_place(profile.home),
        **_price(shown.services),
        **_details(profile.details),
        **_conduct(shown.conduct),
    }
    document = {name: value for name, value in found.items() if value is not None}
    return {**document, "checksum": checksum(document)}


def tie_break(subject_id: str) -> int:
    """An order among what is otherwise equal that favours neither old nor new. Below 2**53, which floats keep."""
    return int.from_bytes(hashlib.sha256(subject_id.encode()).digest()[:6])


def checksum(document: Document) -> str:
    """The same for documents of the same content, whenever and wherever they were made."""
    canonical = json.dumps(dict(document), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _place(home: StoredHome | None) -> Mapping[str, Value]:
    if home is None:
        return {}
    place = home.shown()
    return {
        "city": place.city,
        "country": place.country,
        "location": [place.latitude, place.longitude],
    }


def _price(services: Sequence[Service]) -> Mapping[str, Value]:
    """The lowest price, in the currency that most services have; of several, in that of the oldest."""
    prices = [price for service in services for price in _prices(service)]
    if not prices:
        return {}
    (currency, _), *_others = Counter(service.price.currency for service in services).most_common()
    return {
        "currency": currency,
        "price_minor": min(minor for minor, its_currency in prices if its_currency == currency),
    }


def _prices(service: Service) -> list[tuple[int, str]]:
    sold: tuple[Service | Package, ...] = (service, *service.packages)
    return [(one.price.amount_minor, one.price.currency) for one in sold]


def _conduct(conduct: Conduct) -> Mapping[str, Value]:
    """Per cents, by the names that ranking rules know them by."""
    rates = {"dispute_percent": conduct.dispute_rate, "cancellation_percent": conduct.cancellation_rate}
    return {name: rate / 100 for name, rate in rates.items() if rate}


def _details(details: RoleDetails | None) -> Mapping[str, Value | None]:
    stated = {} if details is None else details.model_dump(mode="json", exclude={"role"})
    followings = stated.get("platforms", ())
    return {
        "tags": [tag for name in _TAGS for tag in stated.get(name, ())],
        "experience": stated.get("experience"),
        **{name: list(stated.get(name, ())) for name in _LISTS},
        **{name: stated.get(name) for name in _SINGLE},
        "platforms": [following["platform"] for following in followings],
        "followers": max((following["followers"] for following in followings), default=None),
    }
