"""The stages there are and how they differ. Everything else is the same in each."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs


class StageRefused(ValueError):
    """The context asks of a stage what it must not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What only the laptop cloud may be given: a clock to move, another Stripe, secrets of no value."""

    clock_offset_file: str | None = None
    stripe_api_base: str | None = None
    stripe_api_key: str = "sk_test_callsheet"
    stripe_webhook_secret: str = "whsec_callsheet"
    typesense_api_key: str = "callsheet-local"
    typesense_search_key: str = "callsheet-local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage. `keeps_data`: deletion protection, point-in-time recovery, and removal leaves the data.

    `throttle` is requests a second and burst over the whole API; `tls_only` denies plain HTTP by resource policy;
    `watched` has alarms and a dashboard. A message is hidden for `visibility_per_timeout` times its function's timeout.
    """

    name: Literal["local", "dev", "prod"]
    keeps_data: bool
    tls_only: bool = True
    has_edge: bool = True
    has_archive: bool = True
    watched: bool = True
    snap_start: bool = False
    # AWS Lambda Developer Guide, "Using Lambda with Amazon SQS": at least six, so that a batch that was throttled is
    # tried again before its messages show themselves anew.
    visibility_per_timeout: int = 6
    throttle: tuple[int, int] = (200, 400)
    log_retention: logs.RetentionDays = logs.RetentionDays.TWO_WEEKS
    cors_origins: tuple[str, ...] = ()
    tax_provider: str = "fixed"  # or `stripe`: who says what the taxes are
    typesense_url: str = ""  # empty: the search says that it is unavailable
    local: Local | None = None

    @property
    def is_local(self) -> bool:
        return self.local is not None

    @property
    def app_origins(self) -> tuple[str, ...]:
        """Where people may be sent back to from other people's pages: never anywhere."""
        return tuple(origin for origin in self.cors_origins if origin != "*") or ("http://localhost:3000",)

    @property
    def architecture(self) -> lambda_.Architecture:
        """Graviton, but on a laptop what the laptop has."""
        arm = not self.is_local or platform.machine() in {"arm64", "aarch64"}
        return lambda_.Architecture.ARM_64 if arm else lambda_.Architecture.X86_64


_TAX_PROVIDERS = frozenset({"fixed", "stripe"})
_LOCAL_ONLY = (
    *("clock_offset_file", "stripe_api_base", "stripe_api_key", "stripe_webhook_secret"),
    *("typesense_api_key", "typesense_search_key"),
)


def read_stage(name: str, context: Callable[[str], object]) -> Stage:
    """The stage by its name; `context` answers CDK's context keys, None for those not given.

    Raises StageRefused for a stage that does not exist, and where any but `local` is given what is local.
    """
    given = {key: str(value) for key in _LOCAL_ONLY if (value := context(key))}
    origins = tuple(str(context("cors_origins") or "").split())
    tax_provider = str(context("tax_provider") or "fixed")
    typesense_url = str(context("typesense_url") or "")
    if tax_provider not in _TAX_PROVIDERS:
        raise StageRefused(f"Nobody called {tax_provider} knows the taxes: fixed or stripe")
    if name != "local" and given:
        raise StageRefused(f"Only the stage local may be given {', '.join(given)}; this is {name}")
    match name:
        case "local":
            return Stage(
                name="local",
                keeps_data=False,
                tls_only=False,
                has_edge=False,
                has_archive=False,
                watched=False,
                visibility_per_timeout=1,  # nobody waits minutes for a second try
                throttle=(5_000, 5_000),
                log_retention=logs.RetentionDays.ONE_WEEK,
                cors_origins=origins or ("*",),
                tax_provider=tax_provider,
                typesense_url=typesense_url,
                local=Local(**given),
            )
        case "dev":
            return Stage(
                name="dev",
                keeps_data=False,
                cors_origins=origins or ("http://localhost:3000",),
                tax_provider=tax_provider,
                typesense_url=typesense_url,
            )
        case "prod":
            return Stage(
                name="prod",
                keeps_data=True,
                snap_start=True,
                throttle=(1_000, 2_000),
                log_retention=logs.RetentionDays.THREE_MONTHS,
                cors_origins=origins or ("https://callsheet.example",),
                tax_provider=tax_provider,
                typesense_url=typesense_url,
            )
    raise StageRefused(f"There is no stage {name}: local, dev or prod")
