"""How the engine is asked: one call, whatever is wanted."""

from collections.abc import Sequence

from callsheet.gateways.searching import Ask, By, ByDistance, ByText, Filter, Point, Sort, TextField
from callsheet.search.errors import InvalidFilter
from callsheet.search.filters import LOCATION, centre_of, filters_of
from callsheet.search.queries import Order, PeopleQuery, SearchQuery, StudioQuery
from callsheet.search.ranking import RULES
from callsheet.search.schemas import Kind

# A list ends here: who looks further wants other words, and engines pay for every page before the one they show.
MAX_RESULTS = 1_000
_TIE_BREAK = By("tie_break")

_TEXT = (
    TextField(name="title", weight=10, is_highlighted=True),
    TextField(name="tags", weight=8, typos=1, is_highlighted=True),
    TextField(name="headline", weight=5, is_highlighted=True),
    TextField(name="city", weight=4, typos=1),
    TextField(name="about", weight=1, typos=1, is_highlighted=True),
)
TEXT_FIELDS = {
    Kind.PEOPLE: (
        *_TEXT[:2],
        TextField(name="handle", weight=8, typos=0),
        TextField(name="services", weight=6, typos=1, is_highlighted=True),
        *_TEXT[2:],
    ),
    Kind.STUDIOS: _TEXT,
}


# So many candidates are ranked together, and shown before the next so many; a page is never longer.
WINDOW = 100
_RANKED_BY = ("rating", "created", "tie_break", *RULES.penalised)


def asks_of(
    kind: Kind, query: PeopleQuery | StudioQuery, shown: tuple[str, ...], offset: int
) -> tuple[Ask, ...]:
    """The page, or the candidates among which it is where we rank ourselves, and one search a facet.

    Each facet is counted as if its own filter were not set, so that people can choose more.

    Raises InvalidFilter.
    """
    filters = filters_of(query)
    length = WINDOW if is_ranked(query) else query.limit
    page = Ask(
        collection=kind,
        text=query.q,
        text_fields=TEXT_FIELDS[kind],
        filters=filters,
        sorts=sorts_of(query),
        page=offset // length + 1,
        per_page=length,
        shown=(*shown, *_RANKED_BY),
    )
    return (page, *(_counting(page, str(facet), filters) for facet in query.facets or ()))


def is_ranked(query: SearchQuery) -> bool:
    """Whether we rank; the engine alone can tell who is nearest or cheapest of all."""
    return query.sort is Order.RELEVANCE


def sorts_of(query: SearchQuery) -> tuple[Sort, ...]:
    """Ends in an order among equals, so that pages neither repeat nor miss anybody."""
    centre = centre_of(query)
    match query.sort:
        case Order.RELEVANCE:
            return (*_best_first(query.q, centre), _TIE_BREAK)
        case Order.DISTANCE:
            return (_nearest(centre), _TIE_BREAK)
        case Order.PRICE_ASC:
            return (By("price_minor"), _TIE_BREAK)
        case Order.PRICE_DESC:
            return (By("price_minor", is_descending=True), _TIE_BREAK)
        case Order.RATING:
            return (By("rating", is_descending=True), _TIE_BREAK)
        case Order.NEWEST:
            return (By("created", is_descending=True), _TIE_BREAK)


def _best_first(text: str | None, centre: Point | None) -> tuple[Sort, ...]:
    if text is not None:
        return (ByText(), By("rating", is_descending=True))
    if centre is not None:
        return (_nearest(centre), By("rating", is_descending=True))
    return (By("rating", is_descending=True),)


def _nearest(centre: Point | None) -> ByDistance:
    if centre is None:
        raise InvalidFilter.of("sort", "distances need latitude and longitude")
    return ByDistance(LOCATION, centre)


def _counting(page: Ask, facet: str, filters: Sequence[Filter]) -> Ask:
    return Ask(
        collection=page.collection,
        text=page.text,
        text_fields=page.text_fields,
        filters=tuple(one for one in filters if one.field != facet),
        per_page=0,
        facet=facet,
    )
