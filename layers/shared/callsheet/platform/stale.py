"""Optimistic writes that lost a race: read again, decide again."""

from collections.abc import Callable

from callsheet.kernel.errors import Conflict

_TRIES = 4


class Stale(Conflict):
    """Somebody has changed the item since it was read."""

    code, title = "stale", "The thing has changed meanwhile; read it again"


def decided_anew[V](decide: Callable[[], V]) -> V:
    """What `decide` answers: it reads, decides and writes, and does so again where somebody else wrote in between.

    Four times at most; then Stale is the caller's to see.
    """
    for _ in range(_TRIES - 1):
        try:
            return decide()
        except Stale:
            continue
    return decide()
