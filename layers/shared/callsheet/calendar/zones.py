"""Time zones by their IANA names."""

from functools import cache
from importlib.resources import files
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field


@cache
def _names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text().split())


def _known(name: str) -> str:
    if name not in _names():
        raise ValueError("is not a time zone of the IANA database")
    return name


type ZoneName = Annotated[
    str,
    AfterValidator(_known),
    Field(max_length=64, examples=["Europe/Berlin"], description="IANA name of a time zone"),
]


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of a name that was validated as ZoneName."""
    return ZoneInfo(name)
