"""Fields about credit."""

from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.wallet.get_wallet import get_wallet
from callsheet.wallet.model import WalletPage, WalletQuery


def _wallet(_source: object, context: Context, **page: object) -> WalletPage:
    given = {name: value for name, value in page.items() if value is not None}
    return get_wallet(WalletQuery.model_validate(given), context.caller, context.sources.wallet())


RESOLVERS: Resolvers = {"Query": {"wallet": _wallet}}
