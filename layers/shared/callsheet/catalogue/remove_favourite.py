"""Somebody keeps a profile no longer."""

from callsheet.catalogue.deps import CatalogueDeps
from callsheet.catalogue.favourites import favourite_key
from callsheet.catalogue.store import profile_key
from callsheet.kernel.principal import Principal
from callsheet.platform.transaction import Transaction


def remove_favourite(profile_id: str, caller: Principal, deps: CatalogueDeps) -> None:
    """One write, and the same as often as it is asked. Raises ProfileNotFound for what is no profile's id."""
    profile_key(profile_id)
    txn = Transaction(caller, deps.clock.now())
    txn.delete(favourite_key(caller.user_id, profile_id))
    txn.commit()
