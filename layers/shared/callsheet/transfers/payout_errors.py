"""Why nothing is paid out at once."""

from callsheet.kernel.errors import Conflict


class InstantPayoutDisputed(Conflict):
    code, title = (
        "instant_payout_disputed",
        "A payment to you is disputed; instant payouts wait until it is decided",
    )


class InstantPayoutOwing(Conflict):
    code, title = "instant_payout_owing", "What you owe is taken from your next transfer first"


class InstantPayoutUnderWay(Conflict):
    code, title = "instant_payout_under_way", "An instant payout is being made at this moment"


class InstantFundsInsufficient(Conflict):
    """`extra["available_minor"]` is what can be had, where it was read."""

    code, title = "instant_funds_insufficient", "So much is not available at once"


class InstantPayoutRefused(Conflict):
    """`extra["reason"]` is a PayoutRefusal."""

    code, title = "instant_payout_refused", "The payment provider does not make this instant payout"
