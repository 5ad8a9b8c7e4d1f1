"""Payments, one item each, below the subject they pay for."""

from callsheet.kernel.access import AccessPath
from callsheet.payments.model import Payment
from callsheet.platform.read import Key
from callsheet.platform.table import Document, Table

_SORT = "PAYMENT"


class PaymentItem(Table):
    logical_name = "payments"
    document = Document(Payment)


def payment_key(subject: str) -> Key:
    return (PaymentItem, subject, _SORT)


def payment_item(payment: Payment) -> PaymentItem:
    return PaymentItem(payment.subject, _SORT, document=payment)


ACCESS_PATHS = (
    AccessPath(
        name="the payment of a booking",
        table="payments",
        keys="pk = <booking id>, sk = PAYMENT",
        use_cases=("bookings.accept_booking", "bookings.get_booking", "bookings.converge_payment"),
    ),
    AccessPath(
        name="the payments of a page of bookings",
        table="payments",
        keys="batch of pk = <booking id>, sk = PAYMENT",
        use_cases=("bookings.list_bookings",),
    ),
)
