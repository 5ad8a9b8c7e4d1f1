"""Transfers, one item a booking; below each provider what they owe and on which terms they are paid."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.kernel.access import AccessPath
from callsheet.kernel.money import Money
from callsheet.kernel.page import Position
from callsheet.platform.pages import newest_first
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, StrictInteger, Table, utc_key
from callsheet.platform.transaction import Transaction
from callsheet.transfers.model import Standing, Transfer

_TRANSFER, _STANDING = "TRANSFER", "STANDING"


class ByProvider(GlobalSecondaryIndex["TransferItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_provider"
        projection = AllProjection()

    provider_key = UnicodeAttribute(hash_key=True)
    created_key = UnicodeAttribute(range_key=True)


class TransferItem(Table):
    logical_name = "transfers"
    document = Document(Transfer)
    provider_key = UnicodeAttribute()
    created_key = UnicodeAttribute()
    by_provider = ByProvider()


class DebtItem(Table):
    """What a provider owes in one currency: debts are added, transfers net them."""

    logical_name = "transfers"
    owed = StrictInteger()


class StandingItem(Table):
    """On which terms a provider is paid."""

    logical_name = "transfers"
    document = Document(Standing)


class CountItem(Table):
    """For how many bookings a provider was paid."""

    logical_name = "transfers"
    transfers = StrictInteger()


def transfer_key(booking_id: str) -> Key:
    return (TransferItem, booking_id, _TRANSFER)


def transfer_item(transfer: Transfer) -> TransferItem:
    return TransferItem(
        transfer.booking_id,
        _TRANSFER,
        document=transfer,
        provider_key=transfer.provider_id,
        created_key=f"{utc_key(transfer.created_at)}#{transfer.id}",
    )


def save_transfer(txn: Transaction, stored: TransferItem, transfer: Transfer) -> None:
    """Write what became of a transfer; Stale where somebody has changed it since it was read."""
    stored.document = transfer
    txn.replace(stored, Stale())


def standing_key(provider_id: str) -> Key:
    return (StandingItem, provider_id, _STANDING)


def standing_item(provider_id: str, standing: Standing) -> StandingItem:
    return StandingItem(provider_id, _STANDING, document=standing)


def debt_key(provider_id: str, currency: str) -> Key:
    return (DebtItem, provider_id, f"DEBT#{currency}")


def debts_of(provider_id: str) -> list[int]:
    """What a provider owes, currency by currency; one query."""
    found = DebtItem.query(provider_id, DebtItem.sk.startswith("DEBT#"), consistent_read=True)
    return [item.owed for item in found]


def count_key(provider_id: str) -> Key:
    return (CountItem, provider_id, "COUNT")


def add_debt(txn: Transaction, provider_id: str, amount: Money) -> None:
    txn.update(debt_key(provider_id, amount.currency), [DebtItem.owed.add(amount.amount_minor)])


def net_debt(txn: Transaction, provider_id: str, amount: Money) -> None:
    """Stale where the provider no longer owes so much: another transfer was netted meanwhile."""
    enough = DebtItem.owed >= amount.amount_minor
    actions = [DebtItem.owed.add(-amount.amount_minor)]
    txn.update(debt_key(provider_id, amount.currency), actions, enough, Stale())


def count_transfer(txn: Transaction, provider_id: str) -> None:
    txn.update(count_key(provider_id), [CountItem.transfers.add(1)])


def hold_count(txn: Transaction, provider_id: str, times: int) -> None:
    """Stale where they have been paid again since it was read: who waits as a newcomer may not be one any more."""
    none_yet = CountItem.transfers.does_not_exist()
    txn.check(count_key(provider_id), CountItem.transfers == times if times else none_yet, Stale())


def page_of(provider_id: str, limit: int, after: Position | None) -> tuple[list[Transfer], Position | None]:
    """One page of a provider's transfers, newest first, and where it ended; one query."""
    items, position = newest_first(TransferItem.by_provider, provider_id, limit, after)
    return [item.document for item in items], position


ACCESS_PATHS = (
    AccessPath(
        name="the transfer of a booking",
        table="transfers",
        keys="pk = <booking id>, sk = TRANSFER",
        use_cases=(
            "transfers.release_transfer",
            "transfers.get_transfer",
            "transfers.get_transfers",
            "bookings.complete_booking",
        ),
    ),
    AccessPath(
        name="a provider's transfers, newest first",
        table="transfers",
        index="by_provider",
        keys="provider_key = <user id>, created_key in reverse order",
        use_cases=("transfers.list_transfers", "transfers.resume_transfers"),
    ),
    AccessPath(
        name="on which terms a provider is paid, how often they were, and what they owe",
        table="transfers",
        keys="batch of pk = <user id>, sk = STANDING, COUNT and DEBT#<currency>",
        use_cases=("transfers.release_transfer",),
    ),
    AccessPath(
        name="what a provider owes in any currency",
        table="transfers",
        keys="pk = <user id>, sk begins with DEBT#",
        use_cases=("transfers.quote_instant_payout", "transfers.pay_instantly"),
    ),
)
