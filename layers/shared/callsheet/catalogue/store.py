"""Profiles, what they sell, and listings: what a booking reads of a profile, below every id it may be named by."""

from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.model import Listing, Portfolio, Profile, Service
from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import has_prefix
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
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
    """Raises ProfileNotFound for what is no profile's id."""
    if not has_prefix(profile_id, "prf"):
        raise ProfileNotFound
    return (ProfileItem, profile_id, _PROFILE)


def service_key(service_id: str) -> Key:
    return (ServiceItem, service_id, _SERVICE)


def listing_key(provider_id: str) -> Key:
    return (ListingItem, provider_id, _LISTING)


def portfolio_key(user_id: str) -> Key:
    return (PortfolioItem, user_id, _PORTFOLIO)


def profile_from(item: Table | None) -> ProfileItem:
    """The profile among what was read; ProfileNotFound where there is none."""
    if not isinstance(item, ProfileItem):
        raise ProfileNotFound
    return item


def stored_profile(profile_id: str) -> ProfileItem:
    """One strongly consistent read; ProfileNotFound where there is none."""
    (item,) = get_together([profile_key(profile_id)])
    return profile_from(item)


def add_profile(txn: Transaction, profile: Profile, portfolio: PortfolioItem | None) -> None:
    """A new profile, its listings, and its place among its user's. Raises Stale where another came in between."""
    txn.create(ProfileItem(profile.id, _PROFILE, document=profile), Stale())
    _put_listings(txn, profile)
    if portfolio is None:
        first = Portfolio(profile_ids=(profile.id,))
        txn.create(PortfolioItem(profile.user_id, _PORTFOLIO, document=first), Stale())
    else:
        portfolio.document = Portfolio(profile_ids=(*portfolio.document.profile_ids, profile.id))
        txn.replace(portfolio, Stale())


def save_profile(txn: Transaction, stored: ProfileItem, profile: Profile) -> None:
    """Write what became of a profile, and its listings. Raises Stale where it has changed since it was read."""
    stored.document = profile
    txn.replace(stored, Stale())
    _put_listings(txn, profile)


def add_service(txn: Transaction, service: Service, stored: ProfileItem) -> None:
    """A new service of a profile. Raises Stale where somebody has changed the profile since it was read."""
    txn.create(ServiceItem(service.id, _SERVICE, document=service), Stale())
    service_ids = (*stored.document.service_ids, service.id)
    stored.document = stored.document.model_copy(update={"service_ids": service_ids})
    txn.replace(stored, Stale())


def _put_listings(txn: Transaction, profile: Profile) -> None:
    """Copies for bookings to read; the profile's own version guards them."""
    listing = Listing.model_validate(
        profile.model_dump(include=set(Listing.model_fields)) | {"profile_id": profile.id}
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
