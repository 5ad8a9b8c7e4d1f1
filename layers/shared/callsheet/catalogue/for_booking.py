"""What a booking reads of the catalogue, in its own batch read."""

from callsheet.catalogue.model import Listing
from callsheet.catalogue.selling import Service
from callsheet.catalogue.store import ListingItem, ServiceItem, listing_key, service_key
from callsheet.platform.table import Table

__all__ = ["listing_from", "listing_key", "service_from", "service_key"]


def listing_from(item: Table | None) -> Listing | None:
    """The listing among what was read; a draft has one too, with `is_published` false."""
    return item.document if isinstance(item, ListingItem) else None


def service_from(item: Table | None) -> Service | None:
    return item.document if isinstance(item, ServiceItem) else None
