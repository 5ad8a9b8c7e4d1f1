"""Taking slots and freeing them, in the transaction of whatever needs the time."""

from callsheet.calendar.days import DayItem, day_key, none_taken
from callsheet.calendar.errors import SlotTaken
from callsheet.calendar.slots import Slots
from callsheet.platform.transaction import Transaction


def hold(txn: Transaction, resource_id: str, slots: Slots) -> None:
    """Take `slots`, one update a day; the transaction is refused as SlotTaken where any of them is taken."""
    for day, numbers in slots.items():
        taking = [DayItem.taken.add(set(numbers))]
        txn.update(day_key(resource_id, day), taking, none_taken(numbers), SlotTaken())


def release(txn: Transaction, resource_id: str, slots: Slots) -> None:
    """Free `slots`; what is free already stays free."""
    for day, numbers in slots.items():
        txn.update(day_key(resource_id, day), [DayItem.taken.delete(set(numbers))])
