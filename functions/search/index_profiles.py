"""Profiles that have changed are found as they are now, and those that nobody is to see are not found."""

from collections.abc import Iterable, Sequence

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Message, Outcome
from callsheet.queue.together import batch_consumer
from callsheet.search.index_profiles import index_profiles
from callsheet.search.lag import record_lags
from callsheet.search.matching import arrange_matching

_deps = wiring.indexing()
# What these say makes nobody an answer to a search that they were none to before.
_NO_NEWS = frozenset({"profile.unpublished", "profile.conduct_changed"})


@batch_consumer
def handler(messages: Sequence[Message], caller: Principal) -> Outcome:
    index_profiles(_profiles_of(messages), caller, _deps)
    # Only now: what is not in the index yet answers no saved search.
    arrange_matching(_profiles_of(one for one in messages if one.name not in _NO_NEWS), caller, _deps.clock)
    record_lags(caller.id, [message.detail.get("occurred_at") for message in messages], _deps.clock.now())
    return Done()


def _profiles_of(messages: Iterable[Message]) -> list[str]:
    return sorted({str(message.payload["profile_id"]) for message in messages})
