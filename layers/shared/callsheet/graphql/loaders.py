"""Loaders: what the fields of one request ask for one by one is read together, and once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aiodataloader import DataLoader

from callsheet.catalogue.model import ProfileView
from callsheet.reviews.model import ExchangeView
from callsheet.transfers.views import TransferView
from callsheet.users.model import UserView

# Answers those that exist (and that the caller may see), by id; one batch read however many are asked for.
type ReadMany[V] = Callable[[Sequence[str]], Mapping[str, V]]


@dataclass(frozen=True, slots=True)
class ClosedUser:
    """Stands for an account that is no more: bookings keep its id, and nothing else of it."""

    id: str
    display_name: None = None
    created_at: None = None


class _Batch[V]:
    """Things of one kind: each is read together with all others that the same tick asks for."""

    def __init__(self, read: ReadMany[V]) -> None:
        self._read = read
        self._loader: DataLoader[str, V | None] | None = None

    async def load(self, key: str) -> V | None:
        # A DataLoader belongs to the event loop it is made in, which begins after the request's context was made.
        if self._loader is None:
            self._loader = DataLoader(self._many)
        return await self._loader.load(key)

    def forget(self) -> None:
        self._loader = None

    async def _many(self, keys: list[str]) -> list[V | None]:
        found = self._read(keys)
        return [found.get(key) for key in keys]


class Loaders:
    """One set a request: a loader remembers what it read, so it must not outlive its caller."""

    def __init__(
        self,
        *,
        users: ReadMany[UserView],
        transfers: ReadMany[TransferView],
        profiles: ReadMany[ProfileView],
        exchanges: ReadMany[ExchangeView],
    ) -> None:
        self._users, self._transfers = _Batch(users), _Batch(transfers)
        self._profiles, self._exchanges = _Batch(profiles), _Batch(exchanges)

    def forget(self) -> None:
        """Before something is changed: what was read is no longer so."""
        for batch in (self._users, self._transfers, self._profiles, self._exchanges):
            batch.forget()

    async def user(self, user_id: str) -> UserView | ClosedUser:
        return await self._users.load(user_id) or ClosedUser(user_id)

    async def transfer(self, booking_id: str) -> TransferView | None:
        """What a booking's provider gets, where the caller may see it."""
        return await self._transfers.load(booking_id)

    async def profile(self, profile_id: str) -> ProfileView | None:
        """A profile's page, where the caller may see it."""
        return await self._profiles.load(profile_id)

    async def exchange(self, booking_id: str) -> ExchangeView | None:
        """What the sides of a booking say of each other, where the caller is one of them."""
        return await self._exchanges.load(booking_id)
