"""Loaders: what the fields of one request ask for one by one is read together, and once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aiodataloader import DataLoader

from callsheet.users.model import UserView

# Answers those users that exist, by id; one batch read however many are asked for.
type ReadUsers = Callable[[Sequence[str]], Mapping[str, UserView]]


@dataclass(frozen=True, slots=True)
class ClosedUser:
    """Stands for an account that is no more: bookings keep its id, and nothing else of it."""

    id: str
    display_name: None = None
    created_at: None = None


class Loaders:
    """One set a request: a loader remembers what it read, so it must not outlive its caller."""

    def __init__(self, read_users: ReadUsers) -> None:
        self._read_users = read_users
        self._users: DataLoader[str, UserView | ClosedUser] | None = None

    async def user(self, user_id: str) -> UserView | ClosedUser:
        """The user, read together with all others that the same tick asks for."""
        # A DataLoader belongs to the event loop it is made in, which begins after the request's context was made.
        if self._users is None:
            self._users = DataLoader(self._read)
        return await self._users.load(user_id)

    async def _read(self, ids: list[str]) -> list[UserView | ClosedUser]:
        found = self._read_users(ids)
        return [found.get(user_id) or ClosedUser(user_id) for user_id in ids]
