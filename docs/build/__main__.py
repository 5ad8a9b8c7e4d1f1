"""Regenerates everything in the repository that is derived from code: `python -m docs.build`.

With `--check` nothing is written; the exit code says whether all is up to date. An event contract that would
break its readers is refused: give the event a new version, or, before a contract's first release, say
`--accept-breaks`.
"""

import sys
from pathlib import Path

from docs.build.everything import broken_contracts, generated, outdated, write

_ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    if problems := broken_contracts(_ROOT):
        print("Event contracts would break their readers:", *problems, sep="\n  ")
        if "--accept-breaks" not in arguments:
            return 1
    stale = outdated(_ROOT)
    if "--check" in arguments:
        print(*stale, sep="\n")
        return 1 if stale else 0
    write(_ROOT, stale)
    print(f"{len(generated())} generated files, {len(stale)} changed", *stale, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
