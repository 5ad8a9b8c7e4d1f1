"""What somebody is refused about the account they are paid into."""

from callsheet.kernel.errors import CallsheetError, Conflict, InvalidRequest, Kind, NotFound


class PayoutsNotEnabled(Conflict):
    """`extra["payout_status"]` is where the account stands; absent where there is none."""

    code, title = "payouts_not_enabled", "You cannot be paid yet: finish setting up your payout account"


class PayoutAccountNotFound(NotFound):
    code, title = "payout_account_not_found", "You have not set up a payout account yet"


class PayoutAccountClosed(CallsheetError):
    code, title, kind = "payout_account_closed", "The payout account is closed; set up another", Kind.GONE


class CountryFixed(Conflict):
    """`extra["country"]` is the account's."""

    code, title = "payout_country_fixed", "A payout account keeps the country it was set up in"


class CountryUnsupported(InvalidRequest):
    code, title = "payout_country_unsupported", "Nobody can be paid in this country yet"


class ReturnUrlNotAllowed(InvalidRequest):
    code, title = "return_url_not_allowed", "The address to come back to is not one of the app's"


class DashboardNotReady(Conflict):
    code, title = "dashboard_not_ready", "There is a dashboard once the form has been filled in"


class PayoutAccountRejected(Conflict):
    code, title = "payout_account_rejected", "The payment provider has rejected this account; ask support"
