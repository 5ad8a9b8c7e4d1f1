"""The least the machinery needs of a request's context."""

from typing import Protocol, Self

from callsheet.kernel.principal import Principal


class HasCaller(Protocol):
    """Anything that knows who asks."""

    @property
    def caller(self) -> Principal: ...

    def for_step(self, name: str) -> Self:
        """The context for the mutation field that answers as `name`."""
        ...
