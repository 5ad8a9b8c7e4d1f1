"""What reviews do to a profile: they count in its rating, which is the profile's alone and never its user's."""

from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.for_booking import listing_from
from callsheet.catalogue.store import RatingItem, listing_key, rating_key
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.transaction import Transaction


def count_in(txn: Transaction, profile_id: str, stars: int) -> None:
    """One review more. That it is counted once is for its own item, in the same transaction, to see to."""
    txn.update(rating_key(profile_id), [RatingItem.reviews.add(1), RatingItem.stars.add(stars)])


def count_out(txn: Transaction, profile_id: str, stars: int) -> None:
    """One review less, of those that were counted in."""
    txn.update(
        rating_key(profile_id),
        [RatingItem.reviews.add(-1), RatingItem.stars.add(-stars)],
        RatingItem.reviews > 0,
    )


def check_visible_profile(profile_id: str, caller: Principal) -> None:
    """One strongly consistent read. Raises ProfileNotFound also for a draft, except to its owner."""
    if not has_prefix(profile_id, "prf"):
        raise ProfileNotFound
    (item,) = get_together([listing_key(profile_id)])
    listing = listing_from(item)
    if listing is None or not (listing.is_published or listing.user_id == caller.id):
        raise ProfileNotFound
