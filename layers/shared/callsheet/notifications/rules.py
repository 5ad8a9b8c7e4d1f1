"""Who is told of what."""

from collections.abc import Mapping
from enum import StrEnum

from callsheet.notifications.model import Concerned, Earned, Heard, News, Owned


class Party(StrEnum):
    CLIENT = "client"
    PROVIDER = "provider"
    OWNER = "owner"  # of a payout account or wallet, or of the money that was paid out


_CLIENT = frozenset({Party.CLIENT})
_PROVIDER = frozenset({Party.PROVIDER})

TOLD: Mapping[News, frozenset[Party]] = {
    News.BOOKING_REQUESTED: _PROVIDER,
    News.BOOKING_ACCEPTED: _CLIENT,
    News.BOOKING_CANCELLED: _CLIENT | _PROVIDER,
    News.BOOKING_ENDED: _CLIENT,  # theirs to accept the work, or to report a problem
    News.BOOKING_COMPLETED: _PROVIDER,
    News.BOOKING_PROBLEM_REPORTED: _PROVIDER,
    News.AMENDMENT_PROPOSED: _CLIENT | _PROVIDER,
    News.AMENDMENT_ACCEPTED: _CLIENT | _PROVIDER,
    News.AMENDMENT_CANCELLED: _CLIENT | _PROVIDER,
    News.PAYMENT_FAILED: _CLIENT,
    News.PAYMENT_REFUNDED: _CLIENT,
    News.PAYMENT_REFUND_FAILED: _CLIENT,  # theirs to know that it is credit
    News.DISPUTE_OPENED: _CLIENT | _PROVIDER,  # theirs to say what happened
    News.DISPUTE_WON: _CLIENT | _PROVIDER,
    News.DISPUTE_LOST: _CLIENT | _PROVIDER,
    News.TRANSFER_PAID: _PROVIDER,
    News.PAYOUT_ACCOUNT_RESTRICTED: frozenset({Party.OWNER}),  # theirs to say what is missing
    News.PAYOUT_PAID: frozenset({Party.OWNER}),
    News.PAYOUT_FAILED: frozenset({Party.OWNER}),  # theirs to name another bank
    News.WALLET_CREDITED: frozenset({Party.OWNER}),
    News.RECEIPT_ISSUED: _CLIENT,
}

# What one party does to both. Money is told of even to who set it moving: what became of it is news.
_KNOWN_TO_WHO_DID_IT = frozenset(
    {
        News.BOOKING_CANCELLED,
        News.AMENDMENT_PROPOSED,
        News.AMENDMENT_ACCEPTED,
        News.AMENDMENT_CANCELLED,
    }
)


def who_is_told(heard: Heard) -> frozenset[str]:
    """The ids of the users who need to know."""
    if heard.is_of_nothing:
        return frozenset()
    ids = _parties(heard.payload)
    told = frozenset(ids[party] for party in TOLD[heard.name])
    return told - {heard.actor.id} if heard.name in _KNOWN_TO_WHO_DID_IT else told


def _parties(about: Concerned | Earned | Owned) -> Mapping[Party, str]:
    match about:
        case Concerned():
            return {Party.CLIENT: about.client_id, Party.PROVIDER: about.provider_id}
        case Earned():
            return {Party.PROVIDER: about.provider_id}
        case Owned():
            return {Party.OWNER: about.user_id}
