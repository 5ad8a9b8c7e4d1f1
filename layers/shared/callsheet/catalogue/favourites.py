"""Favourites: which profiles somebody keeps, newest first; theirs alone to know, so nothing is told of them."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.catalogue.details import ProfileRole
from callsheet.catalogue.home import Home
from callsheet.catalogue.model import Rating
from callsheet.kernel.access import AccessPath
from callsheet.kernel.models import FROZEN
from callsheet.kernel.page import Page, Position
from callsheet.platform.pages import newest_first
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Table, utc_key
from callsheet.platform.transaction import Transaction

_FAVOURITE = "FAVOURITE#"


class ProfileCard(BaseModel):
    """A profile as lists show it."""

    model_config = FROZEN

    id: str
    role: ProfileRole
    title: str
    slug: str | None
    handle: str | None
    headline: str | None
    home: Home | None
    picture_id: str | None
    rating: Rating


class FavouriteView(BaseModel):
    """A profile that the caller keeps."""

    model_config = FROZEN

    profile_id: str
    saved_at: AwareDatetime
    profile: ProfileCard | None = Field(description="Null as long as it is not published")


class FavouritePage(Page[FavouriteView]):
    """The caller's favourites, the newest first; what was changed a moment ago may not show yet."""


class BySaved(GlobalSecondaryIndex["FavouriteItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "gsi1"
        projection = AllProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class FavouriteItem(Table):
    """Below the user's id, named by the profile: once each, whoever asks twice."""

    logical_name = "catalogue"
    profile_id = UnicodeAttribute()
    saved_at = UnicodeAttribute()
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_saved = BySaved()


def favourite_key(user_id: str, profile_id: str) -> Key:
    return (FavouriteItem, user_id, f"{_FAVOURITE}{profile_id}")


def add_favourite(txn: Transaction, user_id: str, profile_id: str, now: datetime) -> FavouriteItem:
    """Raises Stale where it is one meanwhile."""
    _, pk, sk = favourite_key(user_id, profile_id)
    saved_at = utc_key(now)
    item = FavouriteItem(
        pk,
        sk,
        profile_id=profile_id,
        saved_at=saved_at,
        gsi1pk=f"FAVOURITES#{user_id}",
        gsi1sk=f"{saved_at}#{profile_id}",
    )
    txn.create(item, Stale())
    return item


def favourites_of(
    user_id: str, after: Position | None, limit: int
) -> tuple[Sequence[FavouriteItem], Position | None]:
    """One page of somebody's favourites and where it ended; one query."""
    return newest_first(FavouriteItem.by_saved, f"FAVOURITES#{user_id}", limit, after)


ACCESS_PATHS = (
    AccessPath(
        name="whether somebody keeps a profile",
        table="catalogue",
        keys="pk = <user id>, sk = FAVOURITE#<profile id>",
        use_cases=("catalogue.add_favourite", "catalogue.remove_favourite"),
    ),
    AccessPath(
        name="somebody's favourites, the newest first",
        table="catalogue",
        index="gsi1",
        keys="gsi1pk = FAVOURITES#<user id>, gsi1sk in reverse",
        use_cases=("catalogue.list_favourites",),
    ),
    AccessPath(
        name="the profiles of a page, and what they are rated",
        table="catalogue",
        keys="batch of pk = <profile id>, sk = PROFILE or RATING",
        use_cases=("catalogue.list_favourites",),
    ),
)
