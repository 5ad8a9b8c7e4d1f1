"""Pictures: announced over HTTP, sent to S3, looked at when they arrive."""

from callsheet.kernel.routing import BucketTrigger, Endpoint, Grant, RateClass, Row, Worker

_ENDING = (("media", Grant.READ_WRITE), ("events", Grant.APPEND))

ROUTES: tuple[Row, ...] = (
    Endpoint(
        name="create_upload",
        method="POST",
        path="/v1/media/uploads",
        roles=("provider", "creator"),
        rate=RateClass.UPLOAD,
        idempotent=True,
        tables=(
            ("media", Grant.WRITE),
            ("catalogue", Grant.READ),
            ("platform", Grant.READ_WRITE),
        ),
        buckets=(("uploads", Grant.WRITE),),  # whoever signs a form lends it their own right
    ),
    Endpoint(
        name="get_media",
        method="GET",
        path="/v1/media/{media_id}",
        tables=(("media", Grant.READ), ("platform", Grant.READ_WRITE)),
        buckets=(("media", Grant.READ),),
    ),
    BucketTrigger(
        name="process_upload",
        bucket="uploads",
        prefix="uploads/",
        tables=_ENDING,
        buckets=(("uploads", Grant.READ), ("uploads", Grant.DELETE), ("media", Grant.WRITE)),
        vendors=("PIL",),
        memory_mb=1792,  # a whole core, and room for the largest picture several times over
        timeout_seconds=60,
        reserved_concurrency=20,
    ),
    Worker(
        name="expire_upload",
        due=("media.upload",),
        tables=_ENDING,
        buckets=(("uploads", Grant.DELETE),),
    ),
)
