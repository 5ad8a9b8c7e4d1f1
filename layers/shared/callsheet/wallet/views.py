"""What a client, and staff, are shown of a wallet's lines."""

from callsheet.kernel.ids import has_prefix
from callsheet.wallet.lines import Line
from callsheet.wallet.model import LineView


def view_of(line: Line, *, is_staff: bool) -> LineView:
    """Staff stay nameless to the client, and what they noted is theirs."""
    return LineView(
        cause=line.cause,
        kind=line.kind,
        amount=line.amount,
        booking_id=line.subject if has_prefix(line.subject, "bkg") else None,
        moved_at=line.moved_at,
        given_by=line.given_by if is_staff else None,
        reason=line.reason if is_staff else None,
    )
