"""Fields about people."""

from collections.abc import Awaitable

from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.graphql.loaders import ClosedUser
from callsheet.users.model import UserView


def _me(_source: object, context: Context) -> Awaitable[UserView | ClosedUser]:
    return context.loaders.user(context.caller.user_id)


RESOLVERS: Resolvers = {"Query": {"me": _me}}
