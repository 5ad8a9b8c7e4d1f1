"""Fields about when people can be booked."""

from callsheet.calendar.get_availability import get_availability
from callsheet.calendar.model import AvailabilityMoments, AvailabilityQuery, AvailabilityView
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context


def _availability(_source: object, context: Context, provider_id: str, **asked: object) -> AvailabilityView:
    within = AvailabilityMoments.model_validate(asked)
    query = AvailabilityQuery(provider_id=provider_id, within=within)
    return get_availability(query, context.caller, context.sources.calendar())


RESOLVERS: Resolvers = {"Query": {"availability": _availability}}
