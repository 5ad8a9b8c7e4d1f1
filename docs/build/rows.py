"""Every row of every domain's `routes.py`."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator

import functions
from callsheet.kernel.routing import Endpoint, Row


def domains() -> list[str]:
    """Names of the packages below `functions/` that have a table."""
    packages = (module.name for module in pkgutil.iter_modules(functions.__path__) if module.ispkg)
    return sorted(name for name in packages if importlib.util.find_spec(f"functions.{name}.routes"))


def rows() -> Iterator[tuple[str, Row]]:
    """Domain and row of each function there is."""
    for domain in domains():
        for row in importlib.import_module(f"functions.{domain}.routes").ROUTES:
            yield domain, row


def endpoints() -> Iterator[tuple[str, Endpoint]]:
    """Domain and row of each HTTP endpoint."""
    for domain, row in rows():
        if isinstance(row, Endpoint):
            yield domain, row
