"""What the environment says, checked once a process.

No pydantic model: every function reads this while it starts, and a model is what takes longest to make.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

type Stage = Literal["local", "test", "dev", "prod"]
type TaxProvider = Literal["fixed", "stripe"]
type LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

_STAGES: tuple[Stage, ...] = ("local", "test", "dev", "prod")
_TAX_PROVIDERS: tuple[TaxProvider, ...] = ("fixed", "stripe")
_LOG_LEVELS: tuple[LogLevel, ...] = ("DEBUG", "INFO", "WARNING", "ERROR")


class InvalidSetting(ValueError):
    """A variable of the environment says what it must not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The stage, who we are, and where the outside is. Names of single resources have functions of their own."""

    stage: Stage
    service_version: str
    region: str
    stripe_api_base: str | None
    tax_provider: TaxProvider
    app_origins: tuple[str, ...]  # of the web apps, e.g. `https://app.example`
    clock_offset_file: Path | None
    log_level: LogLevel


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables; empty values count as absent. Raises InvalidSetting."""
    given = {name: value for name, value in environment.items() if value}
    settings = Settings(
        stage=_one_of(given, "STAGE", _STAGES, "test"),
        service_version=given.get("SERVICE_VERSION", "0.0.0"),
        region=given.get("AWS_REGION", "us-east-1"),
        stripe_api_base=given.get("STRIPE_API_BASE"),
        tax_provider=_one_of(given, "TAX_PROVIDER", _TAX_PROVIDERS, "fixed"),
        app_origins=tuple(given.get("APP_ORIGINS", "").split()),
        clock_offset_file=Path(given["CLOCK_OFFSET_FILE"]) if "CLOCK_OFFSET_FILE" in given else None,
        log_level=_one_of(given, "LOG_LEVEL", _LOG_LEVELS, "INFO"),
    )
    if settings.clock_offset_file is not None and settings.stage != "local":
        raise InvalidSetting("Only the stage `local` has a clock that can be moved")
    return settings


def _one_of[T: str](given: Mapping[str, str], name: str, allowed: tuple[T, ...], default: T) -> T:
    value = given.get(name, default)
    for one in allowed:
        if one == value:
            return one
    raise InvalidSetting(f"{name} is {value!r}, not one of {', '.join(allowed)}")


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
