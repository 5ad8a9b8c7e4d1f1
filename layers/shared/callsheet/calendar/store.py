"""Calendars: rules below every id somebody is booked by, and one item a day of what is taken."""

from collections.abc import Iterable
from functools import reduce

from pynamodb.attributes import Attribute, UnicodeSetAttribute
from pynamodb.constants import NUMBER_SET
from pynamodb.expressions.condition import Condition, Not

from callsheet.calendar.model import CalendarRules
from callsheet.calendar.slots import slots_of_day
from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import has_prefix
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_RULES = "RULES"
_DAY = "DAY#"


class IntegerSet(Attribute[set[int]]):
    """Whole numbers; PynamoDB's NumberSetAttribute would read what looks like a fraction as a float."""

    attr_type = NUMBER_SET

    def serialize(self, value: Iterable[int]) -> list[str]:
        return [str(number) for number in sorted(value)]

    def deserialize(self, value: list[str]) -> set[int]:
        return {int(number) for number in value}


class RulesItem(Table):
    """The same rules stand below the user's id and below each of their profiles'; the user's names the profiles."""

    logical_name = "calendar"
    document = Document(CalendarRules)
    profiles = UnicodeSetAttribute(null=True)


class DayItem(Table):
    """What is taken of a UTC day, as numbers from 0 to 95; an absent item is a free day."""

    logical_name = "calendar"
    taken = IntegerSet(null=True)


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


def day_key(resource_id: str, day: str) -> Key:
    return (DayItem, resource_id, f"{_DAY}{day}")


def none_taken(slots: Iterable[int]) -> Condition:
    """That a day has none of `slots` (one at least) taken.

    One NOT over a balanced tree of ORs: all 96 slots are 192 operators and 2.5 KB, within DynamoDB's 300 and 4 KB
    (Developer Guide, "Expression parameters"), and seven levels deep.
    """
    terms: list[Condition] = [DayItem.taken.contains(slot) for slot in sorted(slots)]
    while len(terms) > 1:
        terms = [reduce(lambda one, other: one | other, terms[at : at + 2]) for at in range(0, len(terms), 2)]
    return Not(terms[0])


def taken_between(resource_id: str, first_day: str, last_day: str) -> frozenset[int]:
    """The slots that are taken from one UTC day to another, both included; one strongly consistent query."""
    found = DayItem.query(
        resource_id, DayItem.sk.between(f"{_DAY}{first_day}", f"{_DAY}{last_day}"), consistent_read=True
    )
    days = (slots_of_day(item.sk.removeprefix(_DAY), item.taken or ()) for item in found)
    return frozenset().union(*days)


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
