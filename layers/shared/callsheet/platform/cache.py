"""A value kept for a while in one process."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta


class TtlCache[K: Hashable, V]:
    """Keeps what `load(key)` answered for `ttl`; holds at most `max_entries`, the oldest leaving first."""

    def __init__(
        self, load: Callable[[K], V], ttl: timedelta, now: Callable[[], datetime], max_entries: int = 1024
    ) -> None:
        self._load = load
        self._ttl = ttl
        self._now = now
        self._max_entries = max_entries
        self._kept: dict[K, tuple[datetime, V]] = {}

    def get(self, key: K) -> V:
        now = self._now()
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < self._ttl:
            return kept[1]
        value = self._load(key)
        self._kept.pop(key, None)
        self._kept[key] = (now, value)
        while len(self._kept) > self._max_entries:
            self._kept.pop(next(iter(self._kept)))
        return value

    def forget(self) -> None:
        self._kept.clear()
