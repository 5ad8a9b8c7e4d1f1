"""An account for the caller, made on their sign-up, or on their first visit where that was missed."""

from callsheet.kernel.principal import Principal
from callsheet.platform.transaction import Transaction
from callsheet.users.deps import UsersDeps
from callsheet.users.errors import AlreadyRegistered
from callsheet.users.events import UserRegistered
from callsheet.users.store import register


def create_user(caller: Principal, deps: UsersDeps) -> None:
    """Done once, and told of once, however often and by how many at a time it is asked for."""
    now = deps.clock.now()
    txn = Transaction(caller, now)
    register(txn, caller.user_id, now)
    txn.publish(UserRegistered(user_id=caller.user_id))
    try:
        txn.commit()
    except AlreadyRegistered:
        return
