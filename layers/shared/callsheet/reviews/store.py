"""Exchanges, one below each booking that was reviewed, and the reviews that were revealed, below their own ids."""

from collections.abc import Sequence

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.kernel.access import AccessPath
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.page import Position
from callsheet.platform.pages import newest_first, position_of, start_key
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table, utc_key
from callsheet.platform.transaction import Transaction
from callsheet.reviews.errors import ReviewNotFound
from callsheet.reviews.model import Exchange, Review

_EXCHANGE, _REVIEW, _WAITING = "EXCHANGE", "REVIEW", "REPORTED"


class BySubject(GlobalSecondaryIndex["ReviewItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_subject"
        projection = AllProjection()

    subject_key = UnicodeAttribute(hash_key=True)
    revealed_key = UnicodeAttribute(range_key=True)


class ExchangeItem(Table):
    logical_name = "reviews"
    document = Document(Exchange)


class WaitingItem(Table):
    """That support has still to look at a review; all of them below one key, for there are few."""

    logical_name = "reviews"
    review_id = UnicodeAttribute()


class ReviewItem(Table):
    """`subject_key` and `revealed_key` are there as long as everybody may read it."""

    logical_name = "reviews"
    document = Document(Review)
    subject_key = UnicodeAttribute(null=True)
    revealed_key = UnicodeAttribute(null=True)
    by_subject = BySubject()


def exchange_key(booking_id: str) -> Key:
    return (ExchangeItem, booking_id, _EXCHANGE)


def exchange_from(item: Table | None) -> ExchangeItem | None:
    return item if isinstance(item, ExchangeItem) else None


def stored_review(review_id: str) -> ReviewItem:
    """One strongly consistent read; ReviewNotFound where there is none that was revealed."""
    if not has_prefix(review_id, "rev"):
        raise ReviewNotFound
    (item,) = get_together([(ReviewItem, review_id, _REVIEW)])
    if not isinstance(item, ReviewItem):
        raise ReviewNotFound
    return item


def save_exchange(txn: Transaction, stored: ExchangeItem | None, exchange: Exchange) -> None:
    """Raises Stale where the other side, or the deadline, was faster."""
    if stored is None:
        txn.create(ExchangeItem(exchange.booking_id, _EXCHANGE, document=exchange), Stale())
    else:
        stored.document = exchange
        txn.replace(stored, Stale())


def add_review(txn: Transaction, review: Review) -> None:
    """Reveal what was sealed. Raises Stale where it was revealed before."""
    item = ReviewItem(review.id, _REVIEW, document=review)
    _fill(item, review)
    txn.create(item, Stale())


def save_review(txn: Transaction, stored: ReviewItem, review: Review) -> None:
    """Write what became of a review, and whether it waits for support. Raises Stale where somebody has changed it."""
    waited, waits = _waiting(stored.document), _waiting(review)
    _fill(stored, review)
    txn.replace(stored, Stale())
    if waits is not None and waited is None:
        txn.put(waits)
    if waited is not None and waits is None:
        txn.delete((WaitingItem, waited.pk, waited.sk))


def _waiting(review: Review) -> WaitingItem | None:
    report = review.report
    if report is None or report.kept_at is not None or review.hiding is not None:
        return None
    return WaitingItem(_WAITING, f"{utc_key(report.reported_at)}#{review.id}", review_id=review.id)


def waiting_reviews(after: Position | None, limit: int) -> tuple[Sequence[Review], Position | None]:
    """What was reported and nobody has looked at, the longest first; one query and one batch read."""
    found = WaitingItem.query(
        _WAITING, consistent_read=True, limit=limit, page_size=limit, last_evaluated_key=start_key(after)
    )
    ids = [item.review_id for item in found]
    items = get_together([(ReviewItem, review_id, _REVIEW) for review_id in ids])
    reviews = [item.document for item in items if isinstance(item, ReviewItem)]
    return reviews, position_of(found.last_evaluated_key)


def reviews_of(
    subject_id: str, after: Position | None, limit: int
) -> tuple[Sequence[Review], Position | None]:
    """What is said of a profile or a client, the newest first, and where the page ended; one query."""
    items, position = newest_first(ReviewItem.by_subject, subject_id, limit, after)
    return [item.document for item in items], position


def _fill(item: ReviewItem, review: Review) -> None:
    is_read = review.hiding is None
    item.document = review
    item.subject_key = review.subject_id if is_read else None
    item.revealed_key = f"{utc_key(review.revealed_at)}#{review.id}" if is_read else None


ACCESS_PATHS = (
    AccessPath(
        name="what the two sides of a booking say of each other",
        table="reviews",
        keys="pk = <booking id>, sk = EXCHANGE",
        use_cases=(
            *("reviews.write_review", "reviews.get_exchange"),
            *("reviews.reveal_reviews", "reviews.hide_review"),
        ),
    ),
    AccessPath(
        name="one review",
        table="reviews",
        keys="pk = <review id>, sk = REVIEW",
        use_cases=("reviews.report_review", "reviews.hide_review", "reviews.keep_review"),
    ),
    AccessPath(
        name="what waits for support, the longest first",
        table="reviews",
        keys="pk = REPORTED, sk = <moment>#<review id>, then a batch of pk = <review id>, sk = REVIEW",
        use_cases=("reviews.list_reported_reviews",),
    ),
    AccessPath(
        name="what is said of a profile or a client, the newest first",
        table="reviews",
        index="by_subject",
        keys="subject_key = <profile or user id>, revealed_key in reverse",
        use_cases=("reviews.list_profile_reviews", "reviews.list_client_reviews"),
    ),
)
