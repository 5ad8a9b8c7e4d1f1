"""What of a client's credit went to their bank, or is to."""

from callsheet.wallet.cash_out_store import cash_outs_of
from callsheet.wallet.cash_outs import CashOuts


def list_cash_outs(user_id: str) -> CashOuts:
    """One query; empty for who never had any."""
    return CashOuts(items=cash_outs_of(user_id))
