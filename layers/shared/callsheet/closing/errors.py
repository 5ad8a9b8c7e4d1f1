"""What the daily close refuses."""

from callsheet.kernel.errors import Conflict, Forbidden, InvalidRequest, NotFound


class DayNotOver(InvalidRequest):
    code, title = "day_not_over", "A day is closed once it is over, in UTC"


class CloseNotFound(NotFound):
    code, title = "close_not_found", "This day has not been closed"


class CloseRunning(Conflict):
    code, title = "close_running", "This day's close is running; wait until it has ended"


class DifferenceNotFound(NotFound):
    code, title = "difference_not_found", "This day has no difference about that reference"


class DifferenceClosed(Conflict):
    """It was adjusted, or both sides have come to agree: a run of the day's close will find out."""

    code, title = "difference_closed", "There is nothing left to adjust about that reference"


class DifferenceChanged(Conflict):
    code, title = (
        "difference_changed",
        "What is left open is another amount than was proposed; propose it anew",
    )


class AdjustmentPending(Conflict):
    code, title = "adjustment_pending", "An adjustment of this difference waits for a second person"


class AdjustmentNotFound(NotFound):
    code, title = "adjustment_not_found", "This day has no such adjustment"


class SecondPersonNeeded(Forbidden):
    code, title = "second_person_needed", "Somebody else than who proposed it has to approve it"


class DifferenceDecided(Conflict):
    """Within a run alone: a proposal about what it looks at was decided in this moment."""

    code, title = "difference_decided", "What was proposed has been decided meanwhile; look again"
