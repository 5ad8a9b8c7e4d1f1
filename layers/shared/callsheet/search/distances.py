"""How far it is."""

from math import asin, cos, radians, sin, sqrt

from callsheet.gateways.indexing import Document
from callsheet.gateways.searching import Point

_EARTH_KM = 6371.0


def kilometres(one: Point, other: Point) -> float:
    """Along the surface (haversine)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    across = cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(sin(north / 2) ** 2 + across)))


def point_of(document: Document) -> Point | None:
    location = document.get("location")
    return Point(float(location[0]), float(location[1])) if isinstance(location, list) else None
