"""GET /v1/admin/ledger/trial-balance: every account's balance, and whether debits and credits agree."""

from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import Unavailable
from callsheet.ledger.get_trial_balance import get_trial_balance
from callsheet.ledger.views import TrialBalance


@endpoint(errors=(Unavailable,))
def handler() -> TrialBalance:
    return get_trial_balance()
