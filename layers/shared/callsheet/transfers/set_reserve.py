"""Finance keeps a share of a provider's money back for a while, on the record."""

from callsheet.connect.for_booking import account_from, account_key
from callsheet.kernel.errors import NotFound
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.transfers.commands import SetReserve
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.model import Standing
from callsheet.transfers.store import StandingItem, standing_item, standing_key
from callsheet.transfers.views import require_somebody_else


def set_reserve(provider_id: str, command: SetReserve, caller: Principal, deps: TransfersDeps) -> Standing:
    """One read, one write. It counts for what is paid from now on; what was kept before keeps its day.

    NotFound for somebody who has no account to be paid into.
    """
    require_somebody_else(provider_id, caller)

    def decide() -> Standing:
        now = deps.clock.now()
        account, stored = get_together([account_key(provider_id), standing_key(provider_id)])
        if account_from(account) is None:
            raise NotFound("There is no such provider, or they cannot be paid yet")
        standing = Standing(
            reserve_percent=command.percent,
            reserve_days=command.days,
            reason=command.reason,
            set_by=caller.user_id,
            set_at=now,
        )
        txn = Transaction(caller, now)
        if isinstance(stored, StandingItem):
            stored.document = standing
            txn.replace(stored, Stale())
        else:
            txn.create(standing_item(provider_id, standing), Stale())
        txn.commit()
        return standing

    return decided_anew(decide)
