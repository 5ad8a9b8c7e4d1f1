"""The people behind ids, as anybody who is signed in sees them."""

from collections.abc import Mapping, Sequence
from itertools import batched

from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.platform.read import MAX_KEYS, get_together
from callsheet.users.deps import UsersDeps
from callsheet.users.model import UserView
from callsheet.users.store import UserItem, account_key
from callsheet.users.views import view_of


def get_users(ids: Sequence[str], _caller: Principal, _deps: UsersDeps) -> Mapping[str, UserView]:
    """Those of `ids` that have an account; one batch read for each hundred of them."""
    wanted = [user_id for user_id in dict.fromkeys(ids) if has_prefix(user_id, "usr")]
    found = (
        item
        for some in batched(wanted, MAX_KEYS, strict=False)
        for item in get_together([account_key(user_id) for user_id in some])
    )
    return {item.pk: view_of(item) for item in found if isinstance(item, UserItem)}
