"""What functions may touch that move a booking and its money: named once for every domain's `routes.py`.

The standard library and `kernel.routing` only, as in the tables of rows themselves.
"""

from callsheet.kernel.routing import Grant

# Journal entries and events are only ever added, and read by others.
SETTLING = (
    ("bookings", Grant.READ_WRITE),
    ("payments", Grant.READ_WRITE),
    ("transfers", Grant.READ_WRITE),
    ("ledger", Grant.READ_WRITE),
    ("wallet", Grant.WRITE),
    ("calendar", Grant.WRITE),
    ("users", Grant.WRITE),
    ("events", Grant.APPEND),
    ("platform", Grant.READ_WRITE),
)
