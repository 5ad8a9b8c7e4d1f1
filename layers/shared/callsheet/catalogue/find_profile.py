"""A profile's public page, by a name in an address."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.get_profile import get_profile
from callsheet.catalogue.model import ProfileView
from callsheet.catalogue.store import claimant, handle_key, slug_key
from callsheet.kernel.principal import Principal

_LONGEST = 100  # of a name; DynamoDB refuses longer keys than 2,048 bytes


def find_by_handle(handle: str, caller: Principal, deps: CatalogueDeps) -> ProfileView:
    """In capitals or not. Raises ProfileNotFound also for a draft, except to its owner."""
    return get_profile(claimant(handle_key(handle.lower()[:_LONGEST])), caller, deps)


def find_by_slug(slug: str, caller: Principal, deps: CatalogueDeps) -> ProfileView:
    """Raises ProfileNotFound also for a draft, except to its owner."""
    return get_profile(claimant(slug_key(slug[:_LONGEST])), caller, deps)
