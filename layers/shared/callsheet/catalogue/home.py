"""Where somebody works from: a city, never a door."""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.text import Line

# A hundredth of a degree is 1.1 km at most: enough to measure distances between cities with, and no address.
_STEPS_PER_DEGREE = 100

type Country = Annotated[str, Field(pattern="^[A-Z]{2}$", examples=["US"], description="ISO 3166-1")]


class Home(BaseModel):
    """A city and where it lies (WGS 84), kept and shown to a hundredth of a degree."""

    model_config = COMMAND

    city: Line
    country: Country
    latitude: float = Field(strict=True, ge=-90, le=90, allow_inf_nan=False, description="Degrees north")
    longitude: float = Field(strict=True, ge=-180, le=180, allow_inf_nan=False, description="Degrees east")


class StoredHome(BaseModel):
    """The same in whole hundredths of a degree: tables of ours hold no floats."""

    model_config = FROZEN

    city: str
    country: str
    latitude_e2: int
    longitude_e2: int

    @classmethod
    def of(cls, home: Home) -> Self:
        return cls(
            city=home.city,
            country=home.country,
            latitude_e2=round(home.latitude * _STEPS_PER_DEGREE),
            longitude_e2=round(home.longitude * _STEPS_PER_DEGREE),
        )

    def shown(self) -> Home:
        return Home(
            city=self.city,
            country=self.country,
            latitude=self.latitude_e2 / _STEPS_PER_DEGREE,
            longitude=self.longitude_e2 / _STEPS_PER_DEGREE,
        )
