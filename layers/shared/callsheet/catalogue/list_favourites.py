"""The caller's favourites."""

from callsheet.catalogue.cards import favourite_views
from callsheet.catalogue.deps import ListingDeps
from callsheet.catalogue.favourites import FavouritePage, favourites_of
from callsheet.kernel.page import PageQuery
from callsheet.kernel.principal import Principal


def list_favourites(query: PageQuery, caller: Principal, deps: ListingDeps) -> FavouritePage:
    """One query, and a batch read for each fifty of the page. Raises InvalidCursor."""
    cursors, name = deps.cursors(), f"favourites:{caller.user_id}"
    items, position = favourites_of(caller.user_id, cursors.read(name, query.cursor), query.limit)
    return FavouritePage(items=favourite_views(items), next_cursor=cursors.write(name, position))
