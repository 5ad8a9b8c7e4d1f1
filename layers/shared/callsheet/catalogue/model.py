"""Profiles as they are stored, asked for and shown."""

from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, model_validator

from callsheet.calendar.zones import ZoneName
from callsheet.catalogue.details import ProfileRole, RoleDetails
from callsheet.catalogue.home import Home, StoredHome
from callsheet.catalogue.naming import Handle
from callsheet.catalogue.selling import Service
from callsheet.kernel.ids import id_pattern
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.text import Line, Prose

JURISDICTION = "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
MAX_PICTURES = 24

type Jurisdiction = Annotated[
    str, Field(pattern=JURISDICTION, examples=["US-OR"], description="ISO 3166-1, or -2 for a subdivision")
]
type Language = Annotated[
    str,
    Field(
        pattern="^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
        examples=["en", "pt-BR", "zh-Hant-TW"],
        description="BCP 47: language, script and region, in the spelling of RFC 5646, section 2.1.1",
    ),
]
type Languages = Annotated[tuple[Language, ...], Field(max_length=10)]
type PictureRef = Annotated[str, Field(pattern=id_pattern("med"))]
type PostalCode = Annotated[
    str,
    Field(
        pattern="^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$",
        description="For taxes alone: nobody but the owner sees it",
    ),
    AfterValidator(str.upper),
]


class CreateProfile(BaseModel):
    """A new public page, a draft at first."""

    model_config = COMMAND

    role: ProfileRole
    title: Line
    jurisdiction: Jurisdiction
    zone: ZoneName
    languages: Languages = ()


class UpdateProfile(BaseModel):
    """What changes: a field that is absent stays, and null takes away what is there.

    `version` is the one the caller has read: the change is refused where it is no longer that.
    """

    model_config = COMMAND

    version: int = Field(strict=True, ge=0)
    title: Line | None = Field(default=None, description="Never null")
    jurisdiction: Jurisdiction | None = Field(default=None, description="Never null")
    handle: Handle | None = None
    headline: Line | None = None
    about: Prose | None = None
    languages: Languages | None = None
    home: Home | None = None
    travel_radius_km: int | None = Field(default=None, strict=True, ge=0, le=20_000)
    postal_code: PostalCode | None = None
    details: RoleDetails | None = None
    picture_ids: Annotated[tuple[PictureRef, ...], Field(max_length=MAX_PICTURES)] | None = Field(
        default=None, description="Pictures of the caller's that are ready; the first is shown first"
    )

    @model_validator(mode="after")
    def _keeps_what_must_be(self) -> Self:
        for name in ("title", "jurisdiction"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be taken away")
        for name in ("languages", "picture_ids"):
            given = getattr(self, name) or ()
            if len(set(given)) != len(given):
                raise ValueError(f"{name} are named once each")
        return self


class Profile(BaseModel):
    """A profile as it is stored. `is_default`: bookings that name the user alone are made with it."""

    model_config = FROZEN

    id: str
    user_id: str
    role: ProfileRole
    title: str
    jurisdiction: str
    zone: str
    languages: tuple[str, ...] = ()
    slug: str | None = None
    handle: str | None = None
    headline: str | None = None
    about: str | None = None
    home: StoredHome | None = None
    travel_radius_km: int | None = None
    postal_code: str | None = None
    details: RoleDetails | None = None
    picture_ids: tuple[str, ...] = ()
    is_default: bool
    is_published: bool = False
    instant_booking: bool = False
    background_checked: bool = False
    service_ids: tuple[str, ...] = ()
    created_at: AwareDatetime


class Listing(BaseModel):
    """What a booking must know of a profile."""

    model_config = FROZEN

    user_id: str
    profile_id: str
    role: ProfileRole
    title: str
    jurisdiction: str
    postal_code: str | None = None
    is_published: bool = False
    instant_booking: bool = False
    background_checked: bool = False


class Portfolio(BaseModel):
    """Which profiles somebody has, oldest first; the first is the default."""

    model_config = FROZEN

    profile_ids: tuple[str, ...]


class Rating(BaseModel):
    """What clients say of a profile, in figures: of this one alone, whatever others its owner has."""

    model_config = FROZEN

    reviews: int = 0
    stars: int = Field(default=0, description="Of all reviews together")
    average: float | None = Field(default=None, description="To two decimals; null where there is none")


class ProfileView(BaseModel):
    """A profile and what it sells, as everybody sees it."""

    model_config = FROZEN

    id: str
    user_id: str
    role: ProfileRole
    title: str
    slug: str | None = Field(default=None, description="The title in an address; another title, another slug")
    handle: str | None = None
    headline: str | None = None
    about: str | None = None
    jurisdiction: str
    zone: str
    languages: tuple[str, ...]
    home: Home | None = None
    travel_radius_km: int | None = Field(
        default=None, description="How far from home they work; null where they have not said"
    )
    details: RoleDetails | None = Field(default=None, description="What is particular to the role")
    picture_ids: tuple[str, ...] = ()
    is_published: bool
    instant_booking: bool
    background_checked: bool
    services: tuple[Service, ...]
    rating: Rating = Rating()
    created_at: AwareDatetime


class Completeness(BaseModel):
    """How much of a profile is there; `missing` keeps it from being published, `suggested` does not."""

    model_config = FROZEN

    score: int = Field(default=0, ge=0, le=100, description="100 where nothing is left to do")
    missing: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()


class OwnProfileView(ProfileView):
    """A profile as its owner sees it: with services that are no longer sold, and what is nobody else's."""

    version: int = Field(default=0, description="Grows with each change of the profile or its services")
    postal_code: str | None = None
    completeness: Completeness = Completeness()


class ProfileList(BaseModel):
    """One's own profiles, oldest first: never more than fit into one answer."""

    model_config = FROZEN

    items: tuple[OwnProfileView, ...]
    next_cursor: str | None = None
