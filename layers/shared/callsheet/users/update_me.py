"""The caller gives themself a name."""

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.users.deps import UsersDeps
from callsheet.users.get_me import get_me
from callsheet.users.model import MeView, UpdateMe
from callsheet.users.store import rename


def update_me(command: UpdateMe, caller: Principal, deps: UsersDeps) -> MeView:
    """Raises Stale where the account is not, or no longer, at the version that the caller has read."""
    me = get_me(caller, deps)
    if command.version not in {None, me.version}:
        raise Stale
    txn = Transaction(caller, deps.clock.now())
    rename(txn, me.id, command.display_name, me.version)
    txn.commit()
    return me.model_copy(update={"display_name": command.display_name, "version": me.version + 1})
