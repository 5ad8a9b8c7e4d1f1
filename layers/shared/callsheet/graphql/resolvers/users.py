"""Fields about people."""

from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context
from callsheet.users.get_me import get_me
from callsheet.users.model import MeView


def _me(_source: object, context: Context) -> MeView:
    return get_me(context.caller, context.sources.users())


RESOLVERS: Resolvers = {"Query": {"me": _me}}
