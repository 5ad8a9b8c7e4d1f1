"""What a booking is refused for."""

from callsheet.kernel.errors import CallsheetError, Conflict, InvalidRequest, Kind, NotFound


class AmountTooSmall(InvalidRequest):
    code, title = "amount_too_small", "The amount does not cover the fee it contains"


class AmountTooLarge(InvalidRequest):
    code, title = "amount_too_large", "The amount is more than one payment can carry"


class CurrencyUnsupported(CallsheetError):
    code, title, kind = "currency_unsupported", "We do not take this currency", Kind.INVALID


class ProviderNotFound(NotFound):
    code, title = "provider_not_found", "There is no such provider, or they cannot be booked"


class NotOffered(InvalidRequest):
    """`keys` names what is none of the service's packages or extras."""

    code, title = "not_offered", "The service has no such package or extra"


class OwnServices(InvalidRequest):
    code, title = "own_services", "Nobody can book themselves"


class PaymentNotAuthorized(Conflict):
    code, title = "payment_not_authorized", "The client has not paid yet"


class CaptureUnderWay(Conflict):
    code, title = "capture_under_way", "The provider is accepting at this moment; look again shortly"


class AuthorizationExpired(CallsheetError):
    code, title, kind = "authorization_expired", "The client's payment is no longer held", Kind.GONE


class EndedMeanwhile(CallsheetError):
    """`reason` says who or what has ended it; `booking_status`, of an amendment, what became of its booking."""

    code, title, kind = "ended_meanwhile", "It has ended in the meantime", Kind.GONE


class PaymentFailedMeanwhile(CallsheetError):
    """What a provider is told: the client is told why, as `payment_declined`."""

    code, title, kind = "payment_failed", "The client's payment has failed, and it is over", Kind.GONE


class SessionNotOver(Conflict):
    code, title = "session_not_over", "The session has not ended yet"


class SessionOver(Conflict):
    code, title = "session_over", "The session has ended; report a problem instead"


class SessionNotStarted(Conflict):
    code, title = "session_not_started", "The session has not started yet"


class ProblemOpen(Conflict):
    code, title = "problem_open", "A problem was reported before; support decides"


class RefundUnderWay(Conflict):
    code, title = "refund_under_way", "Money of this booking is going back at this moment; look again shortly"


class NothingToRefund(Conflict):
    code, title = "nothing_to_refund", "There is not so much left to give back"


class SecondPersonNeeded(CallsheetError):
    code, title, kind = (
        "second_person_needed",
        "Somebody else has to decide on what you proposed",
        Kind.FORBIDDEN,
    )


class RefundDecided(Conflict):
    code, title = "refund_decided", "This refund was decided on before"


class ProposalLapsed(CallsheetError):
    code, title, kind = "proposal_lapsed", "This proposal is too old; make another", Kind.GONE


class RequestLapsed(CallsheetError):
    code, title, kind = "request_lapsed", "The time to answer this request is over", Kind.GONE


class PaymentDisputed(Conflict):
    code, title = "payment_disputed", "The cardholder's bank has the payment under dispute"


class AcceptanceWindowClosed(CallsheetError):
    code, title, kind = "acceptance_window_closed", "The time to report a problem is over", Kind.GONE
