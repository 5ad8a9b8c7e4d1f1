"""What somebody can spend, and what has moved it."""

from callsheet.kernel.errors import NotFound
from callsheet.kernel.ids import has_prefix
from callsheet.kernel.principal import Principal
from callsheet.wallet.deps import WalletDeps
from callsheet.wallet.model import WalletPage, WalletQuery
from callsheet.wallet.store import balances_of, lines_of
from callsheet.wallet.views import view_of


def get_wallet(query: WalletQuery, caller: Principal, deps: WalletDeps) -> WalletPage:
    """The caller's own; empty for who never had credit. Two queries."""
    return _page(caller.user_id, query, deps, is_staff=False)


def get_wallet_of(user_id: str, query: WalletQuery, deps: WalletDeps) -> WalletPage:
    """Anybody's, for staff, with who gave what and why. NotFound where that is no user's id."""
    if not has_prefix(user_id, "usr"):
        raise NotFound("There is no such user")
    return _page(user_id, query, deps, is_staff=True)


def _page(user_id: str, query: WalletQuery, deps: WalletDeps, *, is_staff: bool) -> WalletPage:
    name, cursors = f"wallet:{user_id}:{is_staff}", deps.cursors()
    lines, position = lines_of(user_id, query.limit, cursors.read(name, query.cursor))
    return WalletPage(
        balances=tuple(balances_of(user_id)),
        items=tuple(view_of(line, is_staff=is_staff) for line in lines),
        next_cursor=cursors.write(name, position),
    )
