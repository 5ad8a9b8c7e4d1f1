"""The caller's own account, made where they have none yet."""

from callsheet.kernel.principal import Principal
from callsheet.users.create_user import create_user
from callsheet.users.deps import UsersDeps
from callsheet.users.model import MeView
from callsheet.users.store import stored_user
from callsheet.users.views import me_view_of


def get_me(caller: Principal, deps: UsersDeps) -> MeView:
    """One read; on the first visit a transaction and another read."""
    item = stored_user(caller.user_id)
    if item is None or item.registered_at is None:
        create_user(caller, deps)
        item = stored_user(caller.user_id)
    if item is None:
        raise LookupError(f"{caller.user_id} was registered and is not there")
    return me_view_of(item, caller)
