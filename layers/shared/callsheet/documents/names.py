"""The names that people go by on the day of issue."""

from collections.abc import Sequence

from callsheet.documents.deps import DocumentsDeps
from callsheet.kernel.principal import Principal
from callsheet.users.deps import UsersDeps
from callsheet.users.get_users import get_users


def names_of(ids: Sequence[str], caller: Principal, deps: DocumentsDeps) -> dict[str, str]:
    """Of those who have told one; one batch read."""
    found = get_users(ids, caller, UsersDeps(clock=deps.clock))
    return {user_id: user.display_name for user_id, user in found.items() if user.display_name}
