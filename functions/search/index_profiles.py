"""Profiles that have changed are found as they are now, and those that nobody is to see are not found."""

from collections.abc import Sequence

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Message, Outcome
from callsheet.queue.together import batch_consumer
from callsheet.search.index_profiles import index_profiles
from callsheet.search.lag import record_lags

_deps = wiring.indexing()


@batch_consumer
def handler(messages: Sequence[Message], caller: Principal) -> Outcome:
    index_profiles(sorted({str(message.payload["profile_id"]) for message in messages}), caller, _deps)
    record_lags(caller.id, [message.detail.get("occurred_at") for message in messages], _deps.clock.now())
    return Done()
