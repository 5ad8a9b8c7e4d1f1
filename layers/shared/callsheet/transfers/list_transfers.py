"""What a provider was and will be paid, booking by booking."""

from callsheet.kernel.principal import Principal
from callsheet.transfers.commands import TransferQuery
from callsheet.transfers.deps import TransfersDeps
from callsheet.transfers.store import page_of
from callsheet.transfers.views import TransferPage, view_of


def list_transfers(query: TransferQuery, caller: Principal, deps: TransfersDeps) -> TransferPage:
    """The caller's own, newest first; one query."""
    name, cursors = f"transfers:{caller.user_id}", deps.cursors()
    transfers, position = page_of(caller.user_id, query.limit, cursors.read(name, query.cursor))
    return TransferPage(
        items=tuple(view_of(transfer) for transfer in transfers), next_cursor=cursors.write(name, position)
    )
