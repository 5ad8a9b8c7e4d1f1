"""People are read together, once, and a closed account is no error."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import cast

from callsheet.graphql.loaders import ClosedUser, Loaders
from callsheet.users.model import UserView


class _Counting:
    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def __call__(self, ids: Sequence[str]) -> Mapping[str, UserView]:
        self.batches.append(list(ids))
        return {user_id: cast("UserView", f"view of {user_id}") for user_id in ids if user_id != "gone"}


def loaders_of(users: _Counting) -> Loaders:
    return Loaders(
        users=users, transfers=lambda _ids: {}, profiles=lambda _ids: {}, exchanges=lambda _ids: {}
    )


def test_a_page_of_a_hundred_reads_its_people_in_one_batch_and_nobody_twice() -> None:
    read = _Counting()

    async def page() -> None:
        loaders = loaders_of(read)
        await asyncio.gather(*(loaders.user(f"usr_{number % 40}") for number in range(100)))

    asyncio.run(page())
    assert [len(batch) for batch in read.batches] == [40]


def test_a_closed_account_answers_its_id_alone() -> None:
    async def one() -> object:
        return await loaders_of(_Counting()).user("gone")

    assert asyncio.run(one()) == ClosedUser("gone")


def test_loaders_made_before_the_event_loop_belong_to_it() -> None:
    read = _Counting()
    loaders = loaders_of(read)

    async def two() -> None:
        await asyncio.gather(loaders.user("usr_1"), loaders.user("usr_2"))

    asyncio.run(two())
    assert read.batches == [["usr_1", "usr_2"]]


def test_what_was_read_before_a_change_is_read_again_after_it() -> None:
    read = _Counting()

    async def page() -> None:
        loaders = loaders_of(read)
        await loaders.user("usr_1")
        await loaders.user("usr_1")
        loaders.forget()
        await loaders.user("usr_1")

    asyncio.run(page())
    assert read.batches == [["usr_1"], ["usr_1"]]
