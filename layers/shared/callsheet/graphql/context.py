"""What every resolver is handed: who asks, and the loaders of this one request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from callsheet.graphql.loaders import Loaders
from callsheet.graphql.sources import Sources
from callsheet.kernel.principal import Principal
from callsheet.transfers.get_transfers import get_transfers
from callsheet.transfers.views import TransferView
from callsheet.users.get_users import get_users
from callsheet.users.model import UserView


@dataclass(frozen=True, slots=True)
class Context:
    """Made anew for each request, so that nothing one caller loaded is ever shown to another."""

    caller: Principal
    sources: Sources
    loaders: Loaders

    @classmethod
    def of(cls, caller: Principal, sources: Sources) -> Self:
        def users(ids: Sequence[str]) -> Mapping[str, UserView]:
            return get_users(ids, caller, sources.users())

        def transfers(ids: Sequence[str]) -> Mapping[str, TransferView]:
            return get_transfers(ids, caller)

        return cls(caller, sources, Loaders(users=users, transfers=transfers))

    def for_step(self, name: str) -> Self:
        """The context of one mutation field: it has a part of the request's `Idempotency-Key` for itself."""
        key = self.caller.request_key
        if key is None:
            return self
        step = replace(key, record_id=f"{key.record_id}#{name}")
        return replace(self, caller=replace(self.caller, request_key=step))
