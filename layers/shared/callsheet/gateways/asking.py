"""Whether a call to the outside that is written down may have been made before."""

from datetime import datetime, timedelta

# Within a request nothing takes this long.
_FIRST_TRY = timedelta(minutes=1)


def was_asked_before(since: datetime, now: datetime) -> bool:
    """True for what was written down so long ago that somebody else has asked for it, with or without an answer.

    They look for what was made before they ask again: keys are forgotten after a day (Stripe, "Idempotent requests").
    """
    return now - since > _FIRST_TRY
