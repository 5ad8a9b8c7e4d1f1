"""Payouts to banks and the orders for instant ones, all below their provider."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.kernel.access import AccessPath
from callsheet.kernel.errors import CallsheetError
from callsheet.kernel.page import Position
from callsheet.platform.pages import newest_first
from callsheet.platform.read import Key
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table, utc_key
from callsheet.platform.transaction import Transaction
from callsheet.transfers.bank_payouts import BankPayout, InstantOrder


class PayoutsByProvider(GlobalSecondaryIndex["PayoutItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_provider"
        projection = AllProjection()

    provider_key = UnicodeAttribute(hash_key=True)
    created_key = UnicodeAttribute(range_key=True)


class PayoutItem(Table):
    logical_name = "transfers"
    document = Document(BankPayout)
    provider_key = UnicodeAttribute()
    created_key = UnicodeAttribute()
    by_provider = PayoutsByProvider()


class OrderItem(Table):
    """An instant payout as it was ordered; its id is the key at Stripe."""

    logical_name = "transfers"
    document = Document(InstantOrder)


class UnderWayItem(Table):
    """There while an order's outcome is not known: one a provider."""

    logical_name = "transfers"
    order_id = UnicodeAttribute()


def payout_key(provider_id: str, stripe_payout_id: str) -> Key:
    return (PayoutItem, provider_id, f"PAYOUT#{stripe_payout_id}")


def order_key(provider_id: str, order_id: str) -> Key:
    return (OrderItem, provider_id, f"INSTANT#{order_id}")


def under_way_key(provider_id: str) -> Key:
    return (UnderWayItem, provider_id, "INSTANT")


def save_payout(txn: Transaction, stored: PayoutItem | None, payout: BankPayout) -> PayoutItem:
    """Stale where somebody was faster."""
    if stored is not None:
        stored.document = payout
        txn.replace(stored, Stale())
        return stored
    item = PayoutItem(
        payout.provider_id,
        f"PAYOUT#{payout.stripe_payout_id}",
        document=payout,
        provider_key=f"PAYOUTS#{payout.provider_id}",
        created_key=f"{utc_key(payout.created_at)}#{payout.id}",
    )
    txn.create(item, Stale())
    return item


def add_order(txn: Transaction, order: InstantOrder, taken: CallsheetError) -> OrderItem:
    """`taken` where another one is under way."""
    _, pk, sk = under_way_key(order.provider_id)
    txn.create(UnderWayItem(pk, sk, order_id=order.id), taken)
    _, pk, sk = order_key(order.provider_id, order.id)
    item = OrderItem(pk, sk, document=order)
    txn.create(item, Stale())
    return item


def end_order(txn: Transaction, stored: OrderItem, order: InstantOrder) -> None:
    """Its outcome is known; Stale where somebody has recorded it."""
    stored.document = order
    txn.replace(stored, Stale())
    txn.delete(under_way_key(order.provider_id), UnderWayItem.order_id == order.id, Stale())


def payouts_of(
    provider_id: str, limit: int, after: Position | None = None
) -> tuple[list[BankPayout], Position | None]:
    """One page of a provider's payouts, newest first, and where it ended; one query."""
    items, position = newest_first(PayoutItem.by_provider, f"PAYOUTS#{provider_id}", limit, after)
    return [item.document for item in items], position


ACCESS_PATHS = (
    AccessPath(
        name="a payout to a bank",
        table="transfers",
        keys="pk = <user id>, sk = PAYOUT#<Stripe's payout id>",
        use_cases=("payments.apply_stripe_event", "transfers.check_payouts"),
    ),
    AccessPath(
        name="a provider's payouts, newest first",
        table="transfers",
        index="by_provider",
        keys="provider_key = PAYOUTS#<user id>, created_key in reverse order",
        use_cases=("transfers.list_payouts", "transfers.check_payouts"),
    ),
    AccessPath(
        name="what an instant payout waits for",
        table="transfers",
        keys="batch of pk = <user id>, sk = INSTANT, DISPUTED and DEBT#<currency>; the order: sk = INSTANT#<order id>",
        use_cases=("transfers.quote_instant_payout", "transfers.pay_instantly", "transfers.check_payouts"),
    ),
)
