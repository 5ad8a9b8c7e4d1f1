"""The least the machinery needs of a request's context."""

from typing import Protocol

from callsheet.kernel.principal import Principal


class HasCaller(Protocol):
    """Anything that knows who asks."""

    @property
    def caller(self) -> Principal: ...
