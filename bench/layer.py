"""What a function's layers hold, so that packages it does not have neither help nor burden what is measured.

stripe, for one, imports httpx where it finds it, and httpx rich: half a floor that no function pays.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from infra.build.packages import VENDORS, layer_names, layers

_ROOT = Path(__file__).parents[1]
_SEPARATORS = re.compile(r"[-_.]+")
ALL_VENDORS = tuple(VENDORS)


@cache
def hidden_modules(vendors: tuple[str, ...]) -> tuple[str, ...]:
    """Top-level modules that are installed here and missing where a function declares those vendors."""
    held = _held(vendors)
    return tuple(
        sorted(
            module
            for module, owners in packages_distributions().items()
            if module.isidentifier() and held.isdisjoint(map(_normal, owners))
        )
    )


def hiding_prefix(vendors: Iterable[str]) -> str:
    """Python that makes those modules look missing to what follows."""
    return f"import sys; sys.modules.update(dict.fromkeys({hidden_modules(tuple(vendors))!r}))\n"


def _held(vendors: tuple[str, ...]) -> frozenset[str]:
    packages = layers(_ROOT)
    return frozenset[str]().union(*(packages[name] for name in layer_names(vendors)))


def _normal(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()
