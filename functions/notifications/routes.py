"""What people are told, and the consumer that tells them."""

from callsheet.kernel.routing import Endpoint, Grant, Row, Worker

ROUTES: tuple[Row, ...] = (
    Worker(
        name="notify_parties",
        events=(
            "booking.accepted",
            "booking.cancelled",
            "booking.ended",
            "booking.completed",
            "booking.problem_reported",
            "amendment.proposed",
            "amendment.accepted",
            "amendment.cancelled",
            "payment.authorized",
            "payment.failed",
            "payment.refunded",
            "payment.refund_failed",
            "dispute.opened",
            "dispute.won",
            "dispute.lost",
            "transfer.paid",
            "payout_account.restricted",
            "payout.paid",
            "payout.failed",
            "wallet.credited",
            "cash_out.paid",
            "cash_out.returned",
            "receipt.issued",
            "review.written",
            "review.revealed",
            "search.matched",
        ),
        tables=(("notifications", Grant.APPEND), ("platform", Grant.APPEND)),
    ),
    Endpoint(
        name="list_notifications",
        method="GET",
        path="/v1/me/notifications",
        tables=(("notifications", Grant.READ), ("platform", Grant.READ_WRITE)),
        secrets=("cursor",),
    ),
    Endpoint(
        name="read_notification",
        method="POST",
        path="/v1/me/notifications/{notification_id}/read",
        tables=(("notifications", Grant.WRITE), ("platform", Grant.READ_WRITE)),
    ),
)
