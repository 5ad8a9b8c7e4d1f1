"""Loaders: what the fields of one request ask for one by one is read together, and once."""

from collections.abc import Callable, Mapping, Sequence

from aiodataloader import DataLoader

from callsheet.users.model import UserView

# Answers those users that exist, by id; one batch read however many are asked for.
type ReadUsers = Callable[[Sequence[str]], Mapping[str, UserView]]


class Loaders:
    """One set a request: a loader remembers what it read, so it must not outlive its caller."""

    def __init__(self, read_users: ReadUsers) -> None:
        self._read_users = read_users
        self.users: DataLoader[str, UserView | None] = DataLoader(self._users)

    async def _users(self, ids: list[str]) -> list[UserView | None]:
        found = self._read_users(ids)
        return [found.get(user_id) for user_id in ids]
