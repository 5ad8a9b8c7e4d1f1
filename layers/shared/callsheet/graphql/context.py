"""What every resolver is handed: who asks, and the loaders of this one request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from callsheet.catalogue.get_profiles import get_profiles
from callsheet.catalogue.model import ProfileView
from callsheet.graphql.loaders import Loaders
from callsheet.graphql.sources import Sources
from callsheet.kernel.principal import Principal
from callsheet.reviews.get_exchanges import get_exchanges
from callsheet.reviews.model import ExchangeView
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

        def profiles(ids: Sequence[str]) -> Mapping[str, ProfileView]:
            return get_profiles(ids, caller)

        def exchanges(ids: Sequence[str]) -> Mapping[str, ExchangeView]:
            return get_exchanges(ids, caller, sources.reviews())

        loaders = Loaders(users=users, transfers=transfers, profiles=profiles, exchanges=exchanges)
        return cls(caller, sources, loaders)

    def for_step(self, name: str) -> Self:
        """The context of one mutation field: it has a part of the request's `Idempotency-Key` for itself.

        What fields before it have read is read again, as it may change.
        """
        self.loaders.forget()
        key = self.caller.request_key
        if key is None:
            return self
        step = replace(key, record_id=f"{key.record_id}#{name}")
        return replace(self, caller=replace(self.caller, request_key=step))
