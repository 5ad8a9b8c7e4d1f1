"""What a new profile does to its user's calendar, in the transaction that makes the profile."""

from callsheet.calendar.rules import default_rules
from callsheet.calendar.store import RulesItem, new_rules, replace_rules, rules_key
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction

__all__ = ["let_be_booked", "rules_key"]


def let_be_booked(txn: Transaction, user_id: str, profile_id: str, zone: str, stored: Table | None) -> None:
    """Have `profile_id` booked by its user's calendar, which is made by default where `stored` is none.

    Raises Stale where the calendar has changed since it was read.
    """
    if isinstance(stored, RulesItem):
        replace_rules(txn, stored, stored.document, profile_id)
    else:
        new_rules(txn, user_id, default_rules(user_id, zone), profile_id)
