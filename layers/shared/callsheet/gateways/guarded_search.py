"""An engine that is left alone while it does not answer."""

from collections.abc import Sequence

from callsheet.gateways.search_errors import SearchUnavailable
from callsheet.gateways.searching import Ask, Found, SearchEngine
from callsheet.platform.circuits import Circuit, CircuitOpen


class GuardedSearch:
    """A SearchEngine that asks `engine` through a circuit."""

    def __init__(self, engine: SearchEngine, circuit: Circuit) -> None:
        self._engine, self._circuit = engine, circuit

    def search(self, asks: Sequence[Ask]) -> Sequence[Found]:
        try:
            return self._circuit.call(lambda: self._engine.search(asks))
        except CircuitOpen as error:
            raise SearchUnavailable from error
