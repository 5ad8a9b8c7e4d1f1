"""What wallets refuse."""

from callsheet.kernel.errors import CallsheetError, Conflict, InvalidRequest, Kind


class CreditTooLarge(Conflict):
    """`extra["left_minor"]` says how much may still be given to this client."""

    code, title = "credit_too_large", "So much goes back as a refund, which a second person approves"


class CreditCurrencyUnsupported(InvalidRequest):
    code, title = "credit_currency_unsupported", "No credit is given in this currency"


class WalletChanged(Conflict):
    """Somebody, most likely the client in another window, has spent of it since it was read."""

    code, title = "wallet_changed", "There is no longer so much credit in the wallet; try again"


class CashOutTooLarge(Conflict):
    """`extra["left_minor"]` says how much of that refund is still credit in the wallet."""

    code, title = "cash_out_too_large", "There is not so much of this refund left as credit"


class CashOutDecided(Conflict):
    """`extra["status"]` says how."""

    code, title = "cash_out_decided", "This was decided on otherwise before"


class CashOutLapsed(CallsheetError):
    code, title, kind = "cash_out_lapsed", "This proposal is too old; make another", Kind.GONE


class CashOutNeedsAnother(CallsheetError):
    code, title, kind = (
        "cash_out_needs_another",
        "Somebody else has to decide on what you proposed",
        Kind.FORBIDDEN,
    )
