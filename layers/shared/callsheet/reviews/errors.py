"""What reviews are refused for."""

from callsheet.kernel.errors import CallsheetError, Conflict, Kind, NotFound


class ReviewNotFound(NotFound):
    code, title = "review_not_found", "There is no such review, or it is not yours to see"


class NotReviewable(Conflict):
    code, title = "not_reviewable", "Only what is completed can be reviewed"


class ReviewWindowClosed(CallsheetError):
    code, title, kind = "review_window_closed", "The time to review this booking is over", Kind.GONE


class AlreadyReviewed(Conflict):
    code, title = "already_reviewed", "You have reviewed this booking, and a review stays as it is"
