"""What the environment says, validated once a process."""

import os
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Settings(BaseModel):
    """The stage, who we are, and where the outside is. Names of single resources have functions of their own."""

    model_config = ConfigDict(frozen=True)

    stage: Literal["local", "test", "dev", "prod"] = "test"
    service_version: str = "0.0.0"
    region: str = "us-east-1"
    stripe_api_base: str | None = None
    typesense_url: str | None = None
    tax_provider: Literal["fixed", "stripe"] = "fixed"
    app_origins: tuple[str, ...] = ()  # of the web apps, e.g. `https://app.example`
    clock_offset_file: Path | None = None
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @field_validator("app_origins", mode="before")
    @classmethod
    def _separated_by_blanks(cls, given: object) -> object:
        return tuple(given.split()) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _only_the_laptop_cloud_moves_the_clock(self) -> Self:
        if self.clock_offset_file is not None and self.stage != "local":
            raise ValueError("only the stage `local` has a clock that can be moved")
        return self


def read_settings(environment: dict[str, str]) -> Settings:
    """Settings from environment variables; empty values count as absent."""
    names = {
        "stage": "STAGE",
        "service_version": "SERVICE_VERSION",
        "region": "AWS_REGION",
        "stripe_api_base": "STRIPE_API_BASE",
        "typesense_url": "TYPESENSE_URL",
        "tax_provider": "TAX_PROVIDER",
        "app_origins": "APP_ORIGINS",
        "clock_offset_file": "CLOCK_OFFSET_FILE",
        "log_level": "LOG_LEVEL",
    }
    given = {field: environment[name] for field, name in names.items() if environment.get(name)}
    return Settings.model_validate(given)


@cache
def settings() -> Settings:
    return read_settings(dict(os.environ))


class MissingSetting(RuntimeError):
    """A resource was used that the function's row does not declare."""


def resource_name(kind: str, logical_name: str) -> str:
    """The physical name of a resource, e.g. `resource_name("TABLE", "bookings")` reads TABLE_BOOKINGS."""
    variable = f"{kind}_{logical_name.upper().replace('-', '_').replace('/', '_')}"
    value = os.environ.get(variable)
    if not value:
        raise MissingSetting(f"{variable} is not set: does the function's row grant it?")
    return value
