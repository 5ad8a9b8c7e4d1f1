"""Profiles that have changed are held against saved searches in portions, each a deadline that is due at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from callsheet.kernel.clock import Clock
from callsheet.kernel.principal import Principal
from callsheet.platform.transaction import Transaction

MATCH = "search.match"
# Alerts are kept in so many, gone through beside each other.
ALERT_SHARDS = 4
# A deadline's key, of which the profiles are part, has room for a few more (1,024 bytes).
MOST_PROFILES = 25


@dataclass(frozen=True, slots=True)
class Matching:
    """Which profiles, against the alerts of which shard, and behind which of these it goes on."""

    shard: int
    profile_ids: tuple[str, ...]
    after: str | None = None

    @property
    def subject(self) -> str:
        return f"{self.shard}|{self.after or ''}|{','.join(self.profile_ids)}"

    @classmethod
    def of(cls, subject: str) -> Self:
        shard, after, profile_ids = subject.split("|")
        return cls(int(shard), tuple(profile_ids.split(",")), after or None)


def arrange_matching(profile_ids: Sequence[str], caller: Principal, clock: Clock) -> None:
    """Have profiles that are in the index held against all alerts; at most 25. One transaction."""
    if len(profile_ids) > MOST_PROFILES:
        raise ValueError(f"{len(profile_ids)} profiles at once")
    if not profile_ids:
        return
    now = clock.now()
    txn = Transaction(caller, now)
    for shard in range(ALERT_SHARDS):
        txn.due(MATCH, Matching(shard, tuple(profile_ids)).subject, now)
    txn.commit()
