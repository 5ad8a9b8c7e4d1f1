"""Room for the interpreter's frames, so that no test loops at the edge of a piece of its stack.

CPython keeps frames in pieces of 16 KiB. Where a call just does not fit, it maps a new piece and unmaps it on return:
a hot loop that happens to lie at such an edge spends more time in the kernel than in Python (half of it, in the random
histories). Below a frame that asks for half a megabyte lies a piece of one megabyte, which is left by nobody.
"""

from collections.abc import Callable

_WORDS = 70_000
_SOURCE = f"""
def roomy(called):
    if called is None:
        {"=".join(f"_{number}" for number in range(_WORDS))} = None
    called()
"""


def _compiled() -> Callable[[Callable[[], object]], None]:
    made: dict[str, Callable[[Callable[[], object]], None]] = {}
    exec(_SOURCE, {}, made)  # a function of 70,000 locals is nothing to write by hand
    return made["roomy"]


with_room = _compiled()
