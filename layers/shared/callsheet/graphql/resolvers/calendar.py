"""Fields about when people can be booked."""

from callsheet.calendar.get_availability import get_availability
from callsheet.calendar.model import AvailabilityQuery, AvailabilityView
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context


def _availability(_source: object, context: Context, provider_id: str, **span: object) -> AvailabilityView:
    query = AvailabilityQuery.model_validate({"provider_id": provider_id, **span})
    return get_availability(query, context.caller, context.sources.calendar())


RESOLVERS: Resolvers = {"Query": {"availability": _availability}}
