"""Profiles, what they sell, and listings: what a booking reads of a profile, below every id it may be named by."""

from collections.abc import Callable
from unicodedata import combining, normalize
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.catalogue.errors import HandleTaken, ProfileNotFound, ServiceNotFound, SlugTaken
from callsheet.catalogue.model import Listing, Portfolio, Profile
from callsheet.catalogue.selling import Service
from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import has_prefix
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, StrictInteger, Table
from callsheet.platform.transaction import Transaction

_PROFILE = "PROFILE"
_SERVICE = "SERVICE"
_LISTING = "LISTING"
_PORTFOLIO = "PORTFOLIO"
_CLAIM = "CLAIM"
_RATING = "RATING"
PUBLISHED_SHARDS = 8
_FIRST, _LAST = " ", "~"  # stand before and behind whatever ids are made of


class ByPublished(GlobalSecondaryIndex["ProfileItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "gsi1"
        projection = AllProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class ByRole(GlobalSecondaryIndex["ProfileItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_role"
        projection = AllProjection()

    role_key = UnicodeAttribute(hash_key=True)
    place_key = UnicodeAttribute(range_key=True)


class ProfileItem(Table):
    """What is published stands in two indexes too: in one of eight shards, so that all of it can be gone through, and
    by role and city, for when no engine answers.
    """

    logical_name = "catalogue"
    document = Document(Profile)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    role_key = UnicodeAttribute(null=True)
    place_key = UnicodeAttribute(null=True)

    by_published = ByPublished()
    by_role = ByRole()


class ServiceItem(Table):
    logical_name = "catalogue"
    document = Document(Service)


class ListingItem(Table):
    """Stands below the profile's id and, for a default profile, below its user's."""

    logical_name = "catalogue"
    document = Document(Listing)


class RatingItem(Table):
    """How many reviews of a profile count, and their stars together; there is none before the first."""

    logical_name = "catalogue"
    reviews = StrictInteger()
    stars = StrictInteger()


class ClaimItem(Table):
    """Whose a handle or a slug is: there is one item for each name, so that a name has one profile."""

    logical_name = "catalogue"
    profile_id = UnicodeAttribute()


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


def rating_key(profile_id: str) -> Key:
    return (RatingItem, profile_id, _RATING)


def handle_key(handle: str) -> Key:
    return (ClaimItem, f"HANDLE#{handle}", _CLAIM)


def slug_key(slug: str) -> Key:
    return (ClaimItem, f"SLUG#{slug}", _CLAIM)


def claimant(key: Key) -> str:
    """The id of the profile that has a name; ProfileNotFound where none has. One strongly consistent read."""
    (item,) = get_together([key])
    if not isinstance(item, ClaimItem):
        raise ProfileNotFound
    return item.profile_id


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
    txn.create(_listed(ProfileItem(profile.id, _PROFILE, document=profile)), Stale())
    _put_listings(txn, profile)
    _claim_names(txn, None, profile)
    if portfolio is None:
        first = Portfolio(profile_ids=(profile.id,))
        txn.create(PortfolioItem(profile.user_id, _PORTFOLIO, document=first), Stale())
    else:
        portfolio.document = Portfolio(profile_ids=(*portfolio.document.profile_ids, profile.id))
        txn.replace(portfolio, Stale())


def save_profile(txn: Transaction, stored: ProfileItem, profile: Profile) -> None:
    """Write what became of a profile, its listings, and whose its names are.

    Raises Stale where it has changed since it was read, HandleTaken and SlugTaken where somebody has the name.
    """
    before, stored.document = stored.document, profile
    txn.replace(_listed(stored), Stale())
    _put_listings(txn, profile)
    _claim_names(txn, before, profile)


def add_service(txn: Transaction, service: Service, stored: ProfileItem) -> None:
    """A new service of a profile. Raises Stale where somebody has changed the profile since it was read."""
    txn.create(ServiceItem(service.id, _SERVICE, document=service), Stale())
    service_ids = (*stored.document.service_ids, service.id)
    stored.document = stored.document.model_copy(update={"service_ids": service_ids})
    txn.replace(_listed(stored), Stale())


def service_item(service_id: str) -> ServiceItem:
    """One strongly consistent read; ServiceNotFound where there is none."""
    (item,) = get_together([service_key(service_id)])
    if not isinstance(item, ServiceItem):
        raise ServiceNotFound
    return item


def save_service(txn: Transaction, item: ServiceItem, service: Service, stored: ProfileItem) -> None:
    """Write what became of a service. Raises Stale where it or its profile has changed since they were read."""
    item.document = service
    txn.replace(item, Stale())
    txn.replace(_listed(stored), Stale())


def published_ids(shard: int, after: str | None, limit: int) -> list[str]:
    """Ids of published profiles in one of the shards, in their order; one query. The index may be a moment behind."""
    position = None if after is None else ProfileItem.gsi1sk > after
    found = ProfileItem.by_published.query(
        _shard_key(shard), position, limit=limit, page_size=limit, attributes_to_get=["pk", "sk", "gsi1sk"]
    )
    return [item.pk for item in found]


def published_in(role: str, city: str | None, after: str | None, limit: int) -> list[ProfileItem]:
    """Published profiles of a role, of one city or ordered by city, oldest first; `after` is a `place_key`. One query.

    The index may be a moment behind.
    """
    span: Condition | None = None if after is None else ProfileItem.place_key > after
    if city is not None:
        place = place_key(city, "")
        span = ProfileItem.place_key.between(
            place if after is None else f"{after}{_FIRST}", f"{place}{_LAST}"
        )
    found = ProfileItem.by_role.query(role, span, limit=limit, page_size=limit)
    return list(found)


def place_key(city: str, profile_id: str) -> str:
    """However the city is written: case, accents and blanks make no other city. No name holds a tabulator."""
    plain = "".join(sign for sign in normalize("NFKD", city.casefold()) if not combining(sign))
    return f"{' '.join(plain.split())}\t{profile_id}"


def _listed(item: ProfileItem) -> ProfileItem:
    profile, is_published = item.document, item.document.is_published
    item.gsi1pk = _shard_key(crc32(item.pk.encode()) % PUBLISHED_SHARDS) if is_published else None
    item.gsi1sk = item.pk if is_published else None
    item.role_key = profile.role.value if is_published else None
    item.place_key = place_key(profile.home.city if profile.home else "", item.pk) if is_published else None
    return item


def _shard_key(shard: int) -> str:
    return f"PUBLISHED#{shard}"


def _put_listings(txn: Transaction, profile: Profile) -> None:
    """Copies for bookings to read; the profile's own version guards them."""
    listing = Listing.model_validate(
        profile.model_dump(include=set(Listing.model_fields)) | {"profile_id": profile.id}
    )
    aliases = (profile.id, profile.user_id) if profile.is_default else (profile.id,)
    for alias in aliases:
        txn.put(ListingItem(alias, _LISTING, document=listing))


def _claim_names(txn: Transaction, before: Profile | None, profile: Profile) -> None:
    had = (before.handle, before.slug) if before else (None, None)
    if profile.handle != had[0]:
        _rename(txn, profile.id, handle_key, had[0], profile.handle)
    if profile.slug != had[1]:
        _rename(txn, profile.id, slug_key, had[1], profile.slug)


def _rename(
    txn: Transaction, profile_id: str, key_of: Callable[[str], Key], before: str | None, name: str | None
) -> None:
    """Take a name, and let go of the one before, which is anybody's from then on."""
    if name is not None:
        _, pk, sk = key_of(name)
        taken = HandleTaken() if key_of is handle_key else SlugTaken()
        txn.create(ClaimItem(pk, sk, profile_id=profile_id), taken)
    if before is not None:
        txn.delete(key_of(before), ClaimItem.profile_id == profile_id, Stale())


ACCESS_PATHS = (
    AccessPath(
        name="whose a handle or a slug is",
        table="catalogue",
        keys="pk = HANDLE#<handle> or SLUG#<slug>, sk = CLAIM",
        use_cases=("catalogue.find_profile",),
    ),
    AccessPath(
        name="one profile",
        table="catalogue",
        keys="pk = <profile id>, sk = PROFILE",
        use_cases=(
            *("catalogue.get_profile", "catalogue.create_service"),
            *("catalogue.publish_profile", "catalogue.unpublish_profile"),
            *("catalogue.update_profile", "catalogue.get_own_profile", "catalogue.find_profile"),
        ),
    ),
    AccessPath(
        name="all that is published",
        table="catalogue",
        index="gsi1",
        keys="gsi1pk = PUBLISHED#<shard of eight>, gsi1sk > <profile id>",
        use_cases=("search.build_portion", "search.converge_index"),
    ),
    AccessPath(
        name="who is published, by role and city",
        table="catalogue",
        index="by_role",
        keys="role_key = <role>, place_key begins with <city>, or > <city and profile id>",
        use_cases=("search.search_people",),
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
        name="what profiles sell, and what they are rated",
        table="catalogue",
        keys="batch of pk = <service id>, sk = SERVICE and pk = <profile id>, sk = RATING",
        use_cases=(
            *("catalogue.get_profile", "catalogue.list_my_profiles"),
            *("catalogue.list_services", "catalogue.update_service"),
        ),
    ),
    AccessPath(
        name="what a booking must know of a provider and a service",
        table="catalogue",
        keys="batch of pk = <user or profile id>, sk = LISTING and pk = <service id>, sk = SERVICE",
        use_cases=("bookings.create_booking", "bookings.quote_booking"),
    ),
)
