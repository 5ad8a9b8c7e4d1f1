"""Who may read a review that was revealed."""

from callsheet.bookings.rules import Party
from callsheet.catalogue.errors import ProfileNotFound
from callsheet.catalogue.for_reviews import check_visible_profile
from callsheet.kernel.principal import Principal, Role
from callsheet.reviews.errors import ReviewNotFound
from callsheet.reviews.model import Review

_READERS = (Role.PROVIDER, Role.CREATOR, Role.STUDIO_OWNER, Role.SUPPORT, Role.ADMIN)


def may_read_of_client(user_id: str, caller: Principal) -> bool:
    """What is said of a client is for who may be asked by them, and for themself."""
    return user_id == caller.id or caller.has_any(*_READERS)


def check_may_read(review: Review, caller: Principal) -> None:
    """As the lists have it; its author always may. One read at most. Raises ReviewNotFound."""
    if review.author_id == caller.user_id:
        return
    if review.by is Party.PROVIDER:
        if not may_read_of_client(review.subject_id, caller):
            raise ReviewNotFound
        return
    try:
        check_visible_profile(review.subject_id, caller)
    except ProfileNotFound:
        raise ReviewNotFound from None
