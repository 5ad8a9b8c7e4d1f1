"""Fields about what comes on top of bookings: each calls the use case that REST calls too."""

from callsheet.amendments.accept_amendment import accept_amendment
from callsheet.amendments.end_amendment import decline_amendment, withdraw_amendment
from callsheet.amendments.list_amendments import list_amendments
from callsheet.amendments.model import AmendmentView, Answer, Proposal, ProposalRequest
from callsheet.amendments.propose_amendment import propose_amendment
from callsheet.bookings.model import BookingView
from callsheet.graphql.binding import Resolvers
from callsheet.graphql.context import Context


def _of_booking(booking: BookingView, context: Context) -> list[AmendmentView]:
    return list(list_amendments(booking.id, context.caller).items)


def _propose(_source: object, context: Context, booking_id: str, input: dict[str, object]) -> AmendmentView:  # noqa: A002
    given = {name: value for name, value in input.items() if value is not None}
    command = Proposal.of(booking_id, ProposalRequest.model_validate(given))
    return propose_amendment(command, context.caller, context.sources.checkout())


def _accept(_source: object, context: Context, **asked: object) -> AmendmentView:
    return accept_amendment(_answer(asked), context.caller, context.sources.checkout())


def _decline(_source: object, context: Context, **asked: object) -> AmendmentView:
    return decline_amendment(_answer(asked), context.caller, context.sources.checkout())


def _withdraw(_source: object, context: Context, **asked: object) -> AmendmentView:
    return withdraw_amendment(_answer(asked), context.caller, context.sources.checkout())


def _answer(asked: dict[str, object]) -> Answer:
    return Answer.model_validate(
        {"amendment_id" if name == "id" else name: value for name, value in asked.items()}
    )


RESOLVERS: Resolvers = {
    "Booking": {"amendments": _of_booking},
    "Mutation": {
        "proposeAmendment": _propose,
        "acceptAmendment": _accept,
        "declineAmendment": _decline,
        "withdrawAmendment": _withdraw,
    },
}
