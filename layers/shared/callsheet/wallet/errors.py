"""What wallets refuse."""

from callsheet.kernel.errors import Conflict, InvalidRequest


class CreditTooLarge(Conflict):
    """`extra["left_minor"]` says how much may still be given to this client."""

    code, title = "credit_too_large", "So much goes back as a refund, which a second person approves"


class CreditCurrencyUnsupported(InvalidRequest):
    code, title = "credit_currency_unsupported", "No credit is given in this currency"


class WalletChanged(Conflict):
    """Somebody, most likely the client in another window, has spent of it since it was read."""

    code, title = "wallet_changed", "There is no longer so much credit in the wallet; try again"
