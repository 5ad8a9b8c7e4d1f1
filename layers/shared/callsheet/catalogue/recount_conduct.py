"""A day has passed: what is too old counts no longer. Goes on each day as long as anything counts."""

from datetime import datetime

from callsheet.catalogue.conduct_store import stored_conduct
from callsheet.catalogue.counting import keep_count
from callsheet.catalogue.deps import CatalogueDeps
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def recount_conduct(profile_id: str, caller: Principal, deps: CatalogueDeps) -> bool:
    """Whether that day was still to come; the deadline may come twice. One read and one transaction. Raises Stale."""
    return decided_anew(lambda: _recount(profile_id, caller, deps.clock.now()))


def _recount(profile_id: str, caller: Principal, now: datetime) -> bool:
    stored = stored_conduct(profile_id)
    if stored is None or stored.document.recount_on is None or stored.document.recount_on > now.date():
        return False
    txn = Transaction(caller, now)
    after = stored.document.model_copy(update={"recount_on": None})
    keep_count(txn, profile_id, stored, after, now)
    txn.commit()
    return True
