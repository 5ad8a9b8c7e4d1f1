"""Access paths: which question each domain asks of DynamoDB, and by which key.

Every `store.py` declares `ACCESS_PATHS`; `docs/reference/access-paths.md` is generated from them. Like other rows of
tables they are never compared or printed (see `kernel/routing.py`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AccessPath:
    """One question: `name` says what is asked, `keys` the key condition as it is written.

    `table` is a logical table name; `index` names the secondary index, None for the table itself; `use_cases` are the
    modules (`bookings.list_bookings`) that ask.
    """

    name: str
    table: str
    keys: str
    use_cases: tuple[str, ...]
    index: str | None = None
