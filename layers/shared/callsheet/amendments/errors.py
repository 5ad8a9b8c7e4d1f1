"""What an amendment is refused for."""

from callsheet.kernel.errors import Conflict, InvalidRequest


class TooManyAmendments(Conflict):
    code, title = "too_many_amendments", "This booking has been amended often enough"


class AmendmentTooLarge(Conflict):
    """`extra["left_minor"]` is what all amendments together may still come to, before taxes and fees."""

    code, title = "amendment_too_large", "Amendments together cost no more than the booking itself"


class AmendmentTooSmall(InvalidRequest):
    code, title = "amendment_too_small", "So little is not worth a payment of its own"


class NoSession(Conflict):
    code, title = "no_session", "A remote job has no session to run over"


class OvertimeIsReportedByProviders(InvalidRequest):
    code, title = "overtime_by_provider", "Only the provider reports overtime"


class OtherCurrency(InvalidRequest):
    code, title = "other_currency", "An amendment is in its booking's currency"
