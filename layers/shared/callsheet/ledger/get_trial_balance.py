"""The trial balance: what stands on every account, and whether the two sides agree."""

from callsheet.kernel.errors import Unavailable
from callsheet.ledger.balancing import agrees, trial_balance
from callsheet.ledger.rules import Account
from callsheet.ledger.store import SHARDS, shard_balances
from callsheet.ledger.views import TrialBalance

_READS = 4


def get_trial_balance() -> TrialBalance:
    """Eight queries while nobody posts. Unavailable where a shard never stands still; `is_balanced` says the rest."""
    sums: dict[Account, int] = {}
    for shard in range(SHARDS):
        for account, minor in _settled(shard).items():
            sums[account] = sums.get(account, 0) + minor
    return trial_balance(sums)


def _settled(shard: int) -> dict[Account, int]:
    """One shard's balances. A query may see half of a transaction; entries stay in one shard, so that half shows.

    What does not agree is read again; what is the same twice and still does not agree is no half, but wrong.
    """
    before: dict[Account, int] | None = None
    for _ in range(_READS):
        balances = shard_balances(shard)
        if agrees(balances) or balances == before:
            return balances
        before = balances
    raise Unavailable("The ledger is busy; try again", retry_after_seconds=1)
