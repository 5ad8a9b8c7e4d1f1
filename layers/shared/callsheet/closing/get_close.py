"""One day's report: what was seen, what differs, and how it was mended."""

from callsheet.closing.days import close_of
from callsheet.closing.deps import ClosingDeps
from callsheet.closing.model import CloseReport, DifferenceView
from callsheet.closing.store import differences_on, stored_adjustments
from callsheet.closing.views import close_view
from callsheet.kernel.page import PageQuery


def get_close(day: str, query: PageQuery, deps: ClosingDeps) -> CloseReport:
    """A read, a query and at most one batch read. Raises CloseNotFound for a day that was never closed."""
    close, cursors = close_of(day).document, deps.cursors()
    bound = f"differences#{close.day.isoformat()}"
    items, position = differences_on(close.day, cursors.read(bound, query.cursor), query.limit)
    differences = [item.document for item in items]
    ids = sorted({one.adjustment_id for one in differences if one.adjustment_id is not None})
    found = stored_adjustments(close.day, ids)
    return CloseReport(
        **dict(close_view(close)),
        items=tuple(
            DifferenceView(
                **dict(one),
                adjustment=found[one.adjustment_id].document if one.adjustment_id in found else None,
            )
            for one in differences
        ),
        next_cursor=cursors.write(bound, position),
    )
