"""Who is told of what."""

from collections.abc import Mapping
from enum import StrEnum

from callsheet.notifications.model import Author, Concerned, Earned, Heard, News, Owned, Reviewed, Told


class Party(StrEnum):
    CLIENT = "client"
    PROVIDER = "provider"
    OWNER = "owner"  # of a payout account, a wallet or a saved search, or of the money that was paid out
    AUTHOR = "author"  # of a review that the other party has not answered with theirs
    SUBJECT = "subject"  # whom a review is about, as far as they are to hear of it


_CLIENT = frozenset({Party.CLIENT})
_PROVIDER = frozenset({Party.PROVIDER})

TOLD: Mapping[News, frozenset[Party]] = {
    News.BOOKING_REQUESTED: frozenset(),  # `payment.authorized` is what tells of it
    News.BOOKING_ACCEPTED: _CLIENT,
    News.BOOKING_CANCELLED: _CLIENT | _PROVIDER,
    News.BOOKING_ENDED: _CLIENT,  # theirs to accept the work, or to report a problem
    News.BOOKING_COMPLETED: _PROVIDER,
    News.BOOKING_PROBLEM_REPORTED: _PROVIDER,
    News.AMENDMENT_PROPOSED: _CLIENT,  # by the provider; of their own proposal see `payment.authorized`
    News.AMENDMENT_ACCEPTED: _CLIENT | _PROVIDER,
    News.AMENDMENT_CANCELLED: _CLIENT | _PROVIDER,
    News.PAYMENT_AUTHORIZED: _PROVIDER,  # theirs to accept or decline
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
    News.CASH_OUT_PAID: frozenset({Party.OWNER}),
    News.CASH_OUT_RETURNED: frozenset({Party.OWNER}),  # theirs to name another account, or to spend it
    News.RECEIPT_ISSUED: _CLIENT,
    News.REVIEW_WRITTEN: frozenset({Party.SUBJECT}),  # theirs to write too; it waits for them two weeks
    News.REVIEW_REVEALED: frozenset({Party.SUBJECT, Party.AUTHOR}),
    News.SEARCH_MATCHED: frozenset({Party.OWNER}),
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


# Of what was never authorised, the one who was to answer has not heard.
_ENDINGS = frozenset({News.BOOKING_CANCELLED, News.AMENDMENT_CANCELLED})


def told_of(heard: Heard) -> Told:
    """Who needs to know, what of, and of which booking.

    A request is one once the client can pay for it, and so is what a client proposes on top of a booking: until then
    there is nothing for a provider to answer.
    """
    about, kind = heard.payload, heard.name
    booking_id = None if isinstance(about, Owned) else about.booking_id
    if isinstance(about, Concerned):
        if not _is_news(heard.name, about):
            return Told(frozenset(), kind, booking_id)
        if kind is News.PAYMENT_AUTHORIZED:
            kind = News.BOOKING_REQUESTED if about.amends is None else News.AMENDMENT_PROPOSED
            booking_id = about.amends or booking_id
    ids = _parties(heard)
    told = frozenset(ids[party] for party in TOLD[heard.name] if party in ids)
    if heard.name in _ENDINGS and isinstance(about, Concerned) and not _was_asked(about):
        told -= {about.provider_id}
    if heard.name in _KNOWN_TO_WHO_DID_IT:
        told -= {heard.actor.id}
    return Told(told, kind, booking_id)


def _is_news(name: News, about: Concerned) -> bool:
    """Not where money was shared out anew and none has gone back; not where the provider proposed what is authorised.

    Payments of amendments say what they amend; as long as they did not, no payment said so, and all were told before.
    """
    match name:
        case News.PAYMENT_REFUNDED:
            return about.amount is None or not about.amount.is_zero
        case News.PAYMENT_AUTHORIZED:
            return "amends" in about.model_fields_set and about.proposed_by != Party.PROVIDER
        case _:
            return True


def _was_asked(about: Concerned) -> bool:
    """Whether the provider knows what has ended: it was authorised, or their own idea."""
    return about.was_authorized is not False or about.proposed_by == Party.PROVIDER


def _parties(heard: Heard) -> Mapping[Party, str]:
    match heard.payload:
        case Concerned() as about:
            return {Party.CLIENT: about.client_id, Party.PROVIDER: about.provider_id}
        case Earned() as about:
            return {Party.PROVIDER: about.provider_id}
        case Owned() as about:
            return {Party.OWNER: about.user_id}
        case Reviewed() as about:
            return _sides_of(about, is_sealed=heard.name is News.REVIEW_WRITTEN)


def _sides_of(about: Reviewed, *, is_sealed: bool) -> Mapping[Party, str]:
    """Of two that are revealed together each party hears once: of the one about them. Nobody of old events."""
    if about.client_id is None or about.provider_id is None or about.is_answered is None:
        return {}
    both = (about.client_id, about.provider_id)
    author, subject = both if about.by is Author.CLIENT else both[::-1]
    if not about.is_answered:
        return {Party.AUTHOR: author, Party.SUBJECT: subject}
    return {} if is_sealed else {Party.SUBJECT: subject}  # with the second it is revealed, which is told
