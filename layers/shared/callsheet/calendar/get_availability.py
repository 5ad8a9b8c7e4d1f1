"""When a provider can be booked, as far as their hours and bookings say."""

from callsheet.calendar.days import taken_between
from callsheet.calendar.deps import CalendarDeps
from callsheet.calendar.errors import CalendarNotFound
from callsheet.calendar.model import AvailabilityQuery, AvailabilityView, FreeSpan
from callsheet.calendar.rules import bounds_of, free_spans
from callsheet.calendar.slots import day_of, touched
from callsheet.calendar.store import stored_rules
from callsheet.calendar.zones import zone_of
from callsheet.kernel.principal import Principal


def get_availability(query: AvailabilityQuery, _caller: Principal, deps: CalendarDeps) -> AvailabilityView:
    """One batch read and one query, however many days are asked for.

    Raises CalendarNotFound where the id is nobody's. Buffers of a service are not looked at: they belong to what is
    booked, and nobody has chosen that yet.
    """
    item = stored_rules(query.provider_id)
    if item is None:
        raise CalendarNotFound
    rules, within = item.document, query.within
    zone = zone_of(within.zone or rules.zone)
    between = bounds_of(within, zone)
    slots = touched(*between)
    taken = taken_between(rules.resource_id, day_of(slots[0]), day_of(slots[-1]))
    spans = free_spans(rules, taken, between, deps.clock.now(), within.minimum_minutes)
    return AvailabilityView(
        provider_id=query.provider_id,
        zone=rules.zone,
        free=tuple(
            FreeSpan(starts_at=starts_at.astimezone(zone), ends_at=ends_at.astimezone(zone))
            for starts_at, ends_at in spans
        ),
    )
