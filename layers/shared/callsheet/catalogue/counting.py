"""Writing what was counted: with the rates of today, a look arranged for tomorrow, and a word where one is another."""

from datetime import UTC, datetime, time, timedelta

from callsheet.catalogue.conduct import Conduct, counted
from callsheet.catalogue.conduct_store import ConductItem, save_conduct
from callsheet.catalogue.events import ConductChanged
from callsheet.platform.transaction import Transaction

RECOUNT = "catalogue.recount"
_LOOKED_AT = time(0, 5)  # by then it is tomorrow by every clock


def keep_count(
    txn: Transaction, profile_id: str, stored: ConductItem | None, after: Conduct, now: datetime
) -> None:
    """Raises Stale where somebody else has counted since it was read."""
    today = now.astimezone(UTC).date()
    before = stored.document.rates if stored else Conduct().rates
    after = counted(after, today)
    if after.incidents and (after.recount_on is None or after.recount_on <= today):
        tomorrow = today + timedelta(days=1)
        after = after.model_copy(update={"recount_on": tomorrow})
        txn.due(RECOUNT, profile_id, datetime.combine(tomorrow, _LOOKED_AT, UTC))
    save_conduct(txn, profile_id, stored, after)
    if after.rates != before:
        txn.publish(ConductChanged(profile_id=profile_id))
