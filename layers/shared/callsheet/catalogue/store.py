"""Profiles, what they sell, and listings: what a booking reads of a profile, below every id it may be named by."""

from callsheet.catalogue.model import Listing, Portfolio, Profile, Service
from callsheet.kernel.access import AccessPath
from callsheet.platform.read import Key
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_PROFILE = "PROFILE"
_SERVICE = "SERVICE"
_LISTING = "LISTING"
_PORTFOLIO = "PORTFOLIO"


class ProfileItem(Table):
    logical_name = "catalogue"
    document = Document(Profile)


class ServiceItem(Table):
    logical_name = "catalogue"
    document = Document(Service)


class ListingItem(Table):
    """Stands below the profile's id and, for a default profile, below its user's."""

    logical_name = "catalogue"
    document = Document(Listing)


class PortfolioItem(Table):
    """Below the user's id; its version lets two new profiles come one after the other."""

    logical_name = "catalogue"
    document = Document(Portfolio)


def profile_key(profile_id: str) -> Key:
    return (ProfileItem, profile_id, _PROFILE)


def profile_item(profile: Profile) -> ProfileItem:
    return ProfileItem(profile.id, _PROFILE, document=profile)


def service_key(service_id: str) -> Key:
    return (ServiceItem, service_id, _SERVICE)


def service_item(service: Service) -> ServiceItem:
    return ServiceItem(service.id, _SERVICE, document=service)


def listing_key(provider_id: str) -> Key:
    return (ListingItem, provider_id, _LISTING)


def portfolio_key(user_id: str) -> Key:
    return (PortfolioItem, user_id, _PORTFOLIO)


def portfolio_item(user_id: str, portfolio: Portfolio) -> PortfolioItem:
    return PortfolioItem(user_id, _PORTFOLIO, document=portfolio)


def put_listings(txn: Transaction, profile: Profile) -> None:
    """Write what bookings read of `profile`, together with the profile itself, whose version guards both."""
    listing = Listing(
        user_id=profile.user_id,
        profile_id=profile.id,
        role=profile.role,
        title=profile.title,
        jurisdiction=profile.jurisdiction,
        is_published=profile.is_published,
        instant_booking=profile.instant_booking,
        background_checked=profile.background_checked,
    )
    aliases = (profile.id, profile.user_id) if profile.is_default else (profile.id,)
    for alias in aliases:
        txn.put(ListingItem(alias, _LISTING, document=listing))


ACCESS_PATHS = (
    AccessPath(
        name="one profile",
        table="catalogue",
        keys="pk = <profile id>, sk = PROFILE",
        use_cases=(
            *("catalogue.get_profile", "catalogue.create_service"),
            *("catalogue.publish_profile", "catalogue.unpublish_profile"),
        ),
    ),
    AccessPath(
        name="which profiles somebody has",
        table="catalogue",
        keys="pk = <user id>, sk = PORTFOLIO",
        use_cases=("catalogue.create_profile", "catalogue.list_my_profiles"),
    ),
    AccessPath(
        name="somebody's profiles",
        table="catalogue",
        keys="batch of pk = <profile id>, sk = PROFILE",
        use_cases=("catalogue.list_my_profiles",),
    ),
    AccessPath(
        name="what profiles sell",
        table="catalogue",
        keys="batch of pk = <service id>, sk = SERVICE",
        use_cases=("catalogue.get_profile", "catalogue.list_my_profiles"),
    ),
    AccessPath(
        name="what a booking must know of a provider and a service",
        table="catalogue",
        keys="batch of pk = <user or profile id>, sk = LISTING and pk = <service id>, sk = SERVICE",
        use_cases=("bookings.create_booking", "bookings.quote_booking"),
    ),
)
