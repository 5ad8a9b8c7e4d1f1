"""Which bookings of a provider a dispute holds, kept below the provider: an instant payout waits for them."""

from pynamodb.attributes import UnicodeSetAttribute

from callsheet.platform.read import Key
from callsheet.platform.table import Table
from callsheet.platform.transaction import Transaction


class DisputedItem(Table):
    """`bookings` are those whose transfers a dispute holds. DynamoDB keeps no empty set."""

    logical_name = "transfers"
    bookings = UnicodeSetAttribute(null=True)


def disputed_key(provider_id: str) -> Key:
    return (DisputedItem, provider_id, "DISPUTED")


def mark_disputed(txn: Transaction, provider_id: str, booking_id: str) -> None:
    txn.update(disputed_key(provider_id), [DisputedItem.bookings.add({booking_id})])


def unmark_disputed(txn: Transaction, provider_id: str, booking_id: str) -> None:
    txn.update(disputed_key(provider_id), [DisputedItem.bookings.delete({booking_id})])
