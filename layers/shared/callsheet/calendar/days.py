"""What is taken of somebody's days, one item a day: all that taking and freeing a slot needs."""

from collections.abc import Iterable
from functools import reduce

from pynamodb.attributes import Attribute
from pynamodb.constants import NUMBER_SET
from pynamodb.expressions.condition import Condition, Not

from callsheet.calendar.slots import slots_of_day
from callsheet.platform.read import Key
from callsheet.platform.table import Table

_DAY = "DAY#"


class IntegerSet(Attribute[set[int]]):
    """Whole numbers; PynamoDB's NumberSetAttribute would read what looks like a fraction as a float."""

    attr_type = NUMBER_SET

    def serialize(self, value: Iterable[int]) -> list[str]:
        return [str(number) for number in sorted(value)]

    def deserialize(self, value: list[str]) -> set[int]:
        return {int(number) for number in value}


class DayItem(Table):
    """What is taken of a UTC day, as numbers from 0 to 95; an absent item is a free day."""

    logical_name = "calendar"
    taken = IntegerSet(null=True)


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
