"""What every resolver is handed: who asks, and the loaders of this one request."""

from dataclasses import dataclass

from callsheet.graphql.loaders import Loaders
from callsheet.graphql.sources import Sources
from callsheet.kernel.principal import Principal


@dataclass(frozen=True, slots=True)
class Context:
    """Made anew for each request, so that nothing one caller loaded is ever shown to another."""

    caller: Principal
    sources: Sources
    loaders: Loaders
