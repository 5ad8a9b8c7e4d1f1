"""Which collections there are, and what of their documents can be searched, filtered, counted and sorted."""

from enum import StrEnum

from callsheet.gateways.indexing import Field, Schema

SYNONYMS = {
    "black_and_white": ("bnw", "b&w", "black and white", "monochrome"),
    "glamour": ("glam", "glamour", "glamor"),
    "makeup": ("mua", "makeup", "make up"),
    "headshots": ("headshot", "head shot"),
    "maternity": ("maternity", "pregnancy"),
    "product": ("product", "packshot", "pack shot"),
    "wedding": ("wedding", "bridal"),
}

# Who may see a document: everybody. Whatever is not for everybody to see has another word there, or no document.
PUBLIC = "public"

# What people and studios are both found by.
_BOTH = (
    Field(name="visibility", kind="string", is_facet=True, is_optional=True),
    Field(name="title", kind="string"),
    Field(name="headline", kind="string", is_optional=True),
    Field(name="about", kind="string", is_optional=True),
    Field(name="tags", kind="string[]", is_facet=True),
    Field(name="owner_id", kind="string", is_facet=True),
    Field(name="city", kind="string", is_facet=True, is_optional=True),
    Field(name="country", kind="string", is_facet=True, is_optional=True),
    Field(name="location", kind="geopoint", is_optional=True),
    Field(name="currency", kind="string", is_facet=True, is_optional=True),
    Field(name="price_minor", kind="int64", is_optional=True),
    Field(name="rating_average", kind="float", is_optional=True),
    Field(name="rating_count", kind="int32"),
    Field(name="rating", kind="float"),
    Field(name="instant_booking", kind="bool", is_facet=True),
    Field(name="created", kind="int64"),
    Field(name="tie_break", kind="int64"),
)
_PEOPLE = (
    Field(name="role", kind="string", is_facet=True),
    Field(name="handle", kind="string", is_optional=True),
    Field(name="services", kind="string[]"),
    Field(name="languages", kind="string[]", is_facet=True),
    Field(name="background_checked", kind="bool", is_facet=True),
    Field(name="experience", kind="string", is_facet=True, is_optional=True),
    Field(name="deliverables", kind="string[]", is_facet=True),
    Field(name="software", kind="string[]", is_facet=True),
    Field(name="platforms", kind="string[]", is_facet=True),
    Field(name="studio_access", kind="string", is_facet=True, is_optional=True),
    Field(name="has_kit", kind="bool", is_facet=True, is_optional=True),
    Field(name="height_cm", kind="int32", is_optional=True),
    Field(name="turnaround_hours", kind="int32", is_optional=True),
    Field(name="followers", kind="int64", is_optional=True),
)
_STUDIOS = (
    Field(name="amenities", kind="string[]", is_facet=True),
    Field(name="capacity", kind="int32"),
    Field(name="area_m2", kind="int32", is_optional=True),
    Field(name="is_verified", kind="bool", is_facet=True),
)


class Kind(StrEnum):
    """What can be searched for; the alias behind which its documents stand."""

    PEOPLE = "people"
    STUDIOS = "studios"


SCHEMAS = {
    Kind.PEOPLE: Schema(fields=(*_BOTH, *_PEOPLE), synonyms=SYNONYMS),
    Kind.STUDIOS: Schema(fields=(*_BOTH, *_STUDIOS), synonyms=SYNONYMS),
}
