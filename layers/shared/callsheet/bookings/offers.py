"""What exactly is asked for: price, policy and times of an offer, from what was read and what the taxes are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from callsheet.bookings.cancellation import POLICIES, CancellationPolicy
from callsheet.bookings.choosing import lines_of, package_of
from callsheet.bookings.errors import ProviderNotFound
from callsheet.bookings.fees import schedule_of
from callsheet.bookings.model import Asked
from callsheet.bookings.price import FeeTerms, PriceSnapshot
from callsheet.bookings.pricing import price, price_direct_offer
from callsheet.bookings.rules import ACCEPTANCE_HOURS, ANSWER_HOURS, DELIVERABLE_ACCEPTANCE_HOURS
from callsheet.calendar.for_booking import rules_from, rules_key
from callsheet.calendar.model import CalendarRules
from callsheet.calendar.rules import check_span
from callsheet.catalogue.errors import ServiceNotFound
from callsheet.catalogue.for_booking import listing_from, listing_key, service_from, service_key
from callsheet.catalogue.model import Listing
from callsheet.catalogue.selling import Service
from callsheet.gateways.tax import TaxCalculator
from callsheet.kernel.money import Money
from callsheet.platform.read import Key
from callsheet.platform.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Everything a booking snapshots. Times are UTC, None for a remote job."""

    listing: Listing
    service: Service | None
    starts_at: datetime | None
    ends_at: datetime | None
    price: PriceSnapshot
    policy: CancellationPolicy

    @property
    def answer_hours(self) -> int:
        return self.service.answer_hours if self.service else ANSWER_HOURS

    @property
    def acceptance_hours(self) -> int:
        if self.service:
            return self.service.acceptance_hours
        return ACCEPTANCE_HOURS if self.starts_at else DELIVERABLE_ACCEPTANCE_HOURS


@dataclass(frozen=True, slots=True)
class Offered:
    """What the asked-for names: the provider's listing, their calendar, and the service where one was chosen."""

    listing: Listing
    rules: CalendarRules | None
    service: Service | None


def keys_of(asked: Asked) -> list[Key]:
    """What must be read to answer; `offered` takes the items in this order."""
    keys = [listing_key(asked.provider_id), rules_key(asked.provider_id)]
    return keys if asked.service_id is None else [*keys, service_key(asked.service_id)]


def offered(asked: Asked, items: Sequence[Table | None]) -> Offered:
    """Raises ProviderNotFound where nobody of that id can be booked, ServiceNotFound where it does not sell that."""
    listing = listing_from(items[0])
    if listing is None or not listing.is_published:
        raise ProviderNotFound
    service = None
    if asked.service_id is not None:
        service = service_from(items[2])
        if service is None or not service.is_active or service.profile_id != listing.profile_id:
            raise ServiceNotFound
    return Offered(listing, rules_from(items[1]), service)


def offer_for(asked: Asked, found: Offered, tax: TaxCalculator, now: datetime) -> Offer:
    """Raises the calendar's errors where the span cannot be asked for, and pricing's where the amount cannot."""
    starts_at, ends_at = _span(asked, found.service)
    if starts_at is not None and ends_at is not None:
        if found.rules is None:
            raise ProviderNotFound("This provider has no calendar; ask for a remote job")
        check_span(found.rules, starts_at, ends_at, now)
    return Offer(
        listing=found.listing,
        service=found.service,
        starts_at=starts_at,
        ends_at=ends_at,
        price=_price(asked, found, starts_at, ends_at, tax),
        policy=POLICIES[found.service.policy_key if found.service else "default"],
    )


def _span(asked: Asked, service: Service | None) -> tuple[datetime, datetime] | tuple[None, None]:
    if asked.starts_at is None:
        return None, None
    if asked.ends_at is not None:
        return asked.starts_at, asked.ends_at
    minutes = package_of(asked, service).duration_minutes if service else 0
    return asked.starts_at, asked.starts_at + timedelta(minutes=minutes)


def _price(
    asked: Asked, found: Offered, starts_at: datetime | None, ends_at: datetime | None, tax: TaxCalculator
) -> PriceSnapshot:
    listing, service = found.listing, found.service
    terms = FeeTerms(background_checked=listing.background_checked)
    if asked.amount is not None:
        title = service.title if service else "Direct offer"
        schedule_of(asked.currency)  # before the amount: other currencies have other limits
        amount = Money.whole(asked.amount, asked.currency)
        return price_direct_offer(
            amount, title, listing.jurisdiction, tax, terms, postal_code=listing.postal_code
        )
    if service is None:
        raise ServiceNotFound
    lines = lines_of(asked, service, starts_at, ends_at)
    return price(lines, listing.jurisdiction, tax, terms, postal_code=listing.postal_code)
