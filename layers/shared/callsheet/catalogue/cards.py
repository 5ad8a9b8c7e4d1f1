"""Profiles as lists show them, read together however many there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import batched

from callsheet.catalogue.favourites import FavouriteItem, FavouriteView, ProfileCard
from callsheet.catalogue.model import Profile, Rating
from callsheet.catalogue.store import ProfileItem, RatingItem, profile_key, rating_key
from callsheet.catalogue.views import rating_of
from callsheet.platform.read import MAX_KEYS, get_together


def favourite_views(favourites: Sequence[FavouriteItem]) -> tuple[FavouriteView, ...]:
    """One batch read for each fifty of them; none for none."""
    cards = _cards([favourite.profile_id for favourite in favourites])
    return tuple(
        FavouriteView(
            profile_id=favourite.profile_id,
            saved_at=datetime.fromisoformat(favourite.saved_at),
            profile=cards.get(favourite.profile_id),
        )
        for favourite in favourites
    )


def _cards(profile_ids: Sequence[str]) -> Mapping[str, ProfileCard]:
    keys = [key for one in profile_ids for key in (profile_key(one), rating_key(one))]
    items = [item for some in batched(keys, MAX_KEYS, strict=False) for item in get_together(some)]
    ratings = {item.pk: rating_of(item) for item in items if isinstance(item, RatingItem)}
    profiles = [item.document for item in items if isinstance(item, ProfileItem)]
    return {
        profile.id: _card(profile, ratings.get(profile.id, Rating()))
        for profile in profiles
        if profile.is_published
    }


def _card(profile: Profile, rating: Rating) -> ProfileCard:
    return ProfileCard(
        id=profile.id,
        role=profile.role,
        title=profile.title,
        slug=profile.slug,
        handle=profile.handle,
        headline=profile.headline,
        home=profile.home.shown() if profile.home else None,
        picture_id=profile.picture_ids[0] if profile.picture_ids else None,
        rating=rating,
    )
