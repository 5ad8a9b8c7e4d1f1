"""What a profile says of its role: a model of its own for each, told apart by `role`."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from callsheet.kernel.models import COMMAND

type Word = Annotated[
    str, Field(pattern="^[a-z][a-z0-9_]{0,39}$", description="A key in snake_case", examples=["editorial"])
]
type Words = Annotated[tuple[Word, ...], Field(max_length=20)]
type TurnaroundHours = Annotated[
    int, Field(strict=True, ge=1, le=90 * 24, description="From the end of the session to the delivery")
]


class ProfileRole(StrEnum):
    """What somebody does; a profile has one."""

    MODEL = "model"
    PHOTOGRAPHER = "photographer"
    VIDEOGRAPHER = "videographer"
    STYLIST = "stylist"
    MAKEUP_ARTIST = "makeup_artist"
    EDITOR = "editor"
    CREATOR = "creator"


class Experience(StrEnum):
    """How long somebody has done it for money."""

    NEW = "new"
    EMERGING = "emerging"
    ESTABLISHED = "established"
    EXPERT = "expert"


class StudioAccess(StrEnum):
    """Whether sessions can take place in a studio without the client's looking for one."""

    NONE = "none"
    RENTED = "rented"
    OWN = "own"


class Platform(StrEnum):
    """Where creators are followed."""

    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"
    YOUTUBE = "youtube"
    TWITCH = "twitch"
    X = "x"
    OTHER = "other"


class _Details(BaseModel):
    model_config = COMMAND

    experience: Experience | None = None


class ModelDetails(_Details):
    """Of a model."""

    role: Literal[ProfileRole.MODEL]
    height_cm: int | None = Field(default=None, strict=True, ge=50, le=250)
    genres: Words = ()


class PhotographerDetails(_Details):
    """Of a photographer."""

    role: Literal[ProfileRole.PHOTOGRAPHER]
    specialties: Words = ()
    turnaround_hours: TurnaroundHours | None = None
    studio_access: StudioAccess | None = None
    deliverables: Words = ()


class VideographerDetails(_Details):
    """Of a videographer."""

    role: Literal[ProfileRole.VIDEOGRAPHER]
    specialties: Words = ()
    turnaround_hours: TurnaroundHours | None = None
    studio_access: StudioAccess | None = None
    deliverables: Words = ()


class StylistDetails(_Details):
    """Of a stylist."""

    role: Literal[ProfileRole.STYLIST]
    specialties: Words = ()
    has_kit: bool = Field(default=False, strict=True, description="Brings clothes and props of their own")


class MakeupArtistDetails(_Details):
    """Of a make-up artist."""

    role: Literal[ProfileRole.MAKEUP_ARTIST]
    specialties: Words = ()
    has_kit: bool = Field(default=False, strict=True, description="Brings what they work with")


class EditorDetails(_Details):
    """Of an editor."""

    role: Literal[ProfileRole.EDITOR]
    specialties: Words = ()
    software: Words = ()
    turnaround_hours: TurnaroundHours | None = None


class Following(BaseModel):
    """How many follow a creator somewhere, by their own word."""

    model_config = COMMAND

    platform: Platform
    followers: int = Field(strict=True, ge=0, le=10**10)


class CreatorDetails(_Details):
    """Of a creator."""

    role: Literal[ProfileRole.CREATOR]
    platforms: tuple[Following, ...] = Field(default=(), max_length=len(Platform))
    topics: Words = ()


type RoleDetails = Annotated[
    ModelDetails
    | PhotographerDetails
    | VideographerDetails
    | StylistDetails
    | MakeupArtistDetails
    | EditorDetails
    | CreatorDetails,
    Field(discriminator="role"),
]

# What readers of a role look for first: without it the details say nothing.
TELLING: Mapping[ProfileRole, str] = MappingProxyType(
    {
        ProfileRole.MODEL: "genres",
        ProfileRole.PHOTOGRAPHER: "specialties",
        ProfileRole.VIDEOGRAPHER: "specialties",
        ProfileRole.STYLIST: "specialties",
        ProfileRole.MAKEUP_ARTIST: "specialties",
        ProfileRole.EDITOR: "specialties",
        ProfileRole.CREATOR: "platforms",
    }
)
