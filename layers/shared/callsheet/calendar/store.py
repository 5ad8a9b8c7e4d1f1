"""Calendars: rules below every id somebody is booked by, and one item a day of what is taken."""

from pynamodb.attributes import UnicodeSetAttribute

from callsheet.calendar.model import CalendarRules
from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import has_prefix
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_RULES = "RULES"


class RulesItem(Table):
    """The same rules stand below the user's id and below each of their profiles'; the user's names the profiles."""

    logical_name = "calendar"
    document = Document(CalendarRules)
    profiles = UnicodeSetAttribute(null=True)


def rules_key(provider_id: str) -> Key:
    return (RulesItem, provider_id, _RULES)


def stored_rules(provider_id: str) -> RulesItem | None:
    """One strongly consistent read; None where the id names nobody who has a calendar."""
    if not any(has_prefix(provider_id, prefix) for prefix in ("usr", "prf")):
        return None
    (item,) = get_together([rules_key(provider_id)])
    return item if isinstance(item, RulesItem) else None


def new_rules(
    txn: Transaction, user_id: str, rules: CalendarRules, profile_id: str | None = None
) -> RulesItem:
    """A user's first rules, also below the id of a profile. Raises Stale where they have some."""
    item = RulesItem(user_id, _RULES, document=rules)
    _name(item, profile_id)
    txn.create(item, Stale())
    _put_aliases(txn, item)
    return item


def replace_rules(
    txn: Transaction, stored: RulesItem, rules: CalendarRules, profile_id: str | None = None
) -> RulesItem:
    """Other rules below each id of a user, and below that of a new profile. Raises Stale in a race."""
    stored.document = rules
    _name(stored, profile_id)
    txn.replace(stored, Stale())
    _put_aliases(txn, stored)
    return stored


def _name(item: RulesItem, profile_id: str | None) -> None:
    if profile_id is not None:
        item.profiles = {*(item.profiles or ()), profile_id}


def _put_aliases(txn: Transaction, item: RulesItem) -> None:
    for profile_id in sorted(item.profiles or ()):
        txn.put(RulesItem(profile_id, _RULES, document=item.document))


ACCESS_PATHS = (
    AccessPath(
        name="the rules of whom an id names",
        table="calendar",
        keys="pk = <user or profile id>, sk = RULES",
        use_cases=(
            *("calendar.get_rules", "calendar.set_rules", "calendar.get_availability"),
            *("catalogue.create_profile", "bookings.create_booking", "bookings.quote_booking"),
        ),
    ),
    AccessPath(
        name="what is taken of somebody's days",
        table="calendar",
        keys="pk = <user id>, sk between DAY#<day> and DAY#<day>",
        use_cases=("calendar.get_availability",),
    ),
)
