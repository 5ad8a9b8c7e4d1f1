"""Stripe's webhooks, and the looks at payments that are too quiet."""

from callsheet.bookings.grants import SETTLING
from callsheet.kernel.routing import Auth, Endpoint, Grant, RateClass, Row, Worker

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="receive_stripe_event",
        method="POST",
        path="/v1/webhooks/stripe",
        auth=Auth.NONE,
        rate=RateClass.NONE,
        tables=(("payments", Grant.APPEND),),
        secrets=("stripe_webhook",),
        queues=("payments/apply_stripe_event",),
        max_body_bytes=256 * 1024,
    ),
    Worker(
        name="apply_stripe_event",
        direct=True,
        tables=(*SETTLING, ("connect", Grant.READ_WRITE), ("transfers", Grant.DELETE)),
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=30,
        batch_size=1,
    ),
    Worker(
        name="check_payment",
        due=("payment.check",),
        tables=SETTLING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=30,
        batch_size=1,
    ),
    Worker(
        name="check_disputes",
        due=("dispute.check",),
        tables=SETTLING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=30,
        batch_size=1,
    ),
    Worker(
        name="check_refunds",
        due=("refund.check",),
        tables=SETTLING,
        secrets=("stripe",),
        vendors=("stripe",),
        memory_mb=1024,
        timeout_seconds=30,
        batch_size=1,
    ),
    Worker(
        name="settle_taxes",
        events=("payment.captured", "payment.refunded", "dispute.lost"),
        tables=(
            ("bookings", Grant.READ),
            ("payments", Grant.READ_WRITE),
            ("platform", Grant.READ),
            ("platform", Grant.APPEND),
        ),
        secrets=("stripe",),
        vendors=("stripe",),
        timeout_seconds=60,
        batch_size=1,
    ),
)
