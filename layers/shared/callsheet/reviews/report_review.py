"""Somebody finds a review wrong: support is asked to look, and meanwhile it stays."""

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.reviews.deps import ReviewsDeps
from callsheet.reviews.errors import ReviewNotFound
from callsheet.reviews.events import ReviewReported
from callsheet.reviews.may_read import check_may_read
from callsheet.reviews.model import Report, ReportReview, ReviewView
from callsheet.reviews.store import save_review, stored_review
from callsheet.reviews.views import review_view


def report_review(review_id: str, command: ReportReview, caller: Principal, deps: ReviewsDeps) -> ReviewView:
    """The first report is kept and told; what others say after that changes nothing.

    Raises ReviewNotFound, also for what the caller may not read.
    """
    return decided_anew(lambda: _report(review_id, command, caller, deps))


def _report(review_id: str, command: ReportReview, caller: Principal, deps: ReviewsDeps) -> ReviewView:
    stored = stored_review(review_id)
    review, now = stored.document, deps.clock.now()
    if review.hiding is not None:
        raise ReviewNotFound
    check_may_read(review, caller)
    if review.report is None:
        report = Report(reason=command.reason, reported_by=caller.user_id, reported_at=now)
        txn = Transaction(caller, now)
        save_review(txn, stored, review.model_copy(update={"report": report}))
        txn.publish(
            ReviewReported(
                review_id=review.id,
                booking_id=review.booking_id,
                profile_id=review.profile_id,
                by=review.by,
            )
        )
        txn.commit()
    return review_view(review)
