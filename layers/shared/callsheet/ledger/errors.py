"""What the ledger refuses."""

from callsheet.kernel.errors import Conflict


class EntryExists(Conflict):
    """Money of this subject has moved for this cause before: whoever posts twice finds the work done."""

    code, title = "entry_exists", "This has been posted to the ledger before"
