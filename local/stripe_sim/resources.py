"""Every call that is answered."""

from local.stripe_sim import (
    account_links,
    accounts,
    balance,
    charges,
    customers,
    disputes,
    events,
    external_accounts,
    files,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    reversals,
    setup_intents,
    tax_calculations,
    tax_transactions,
    transfers,
)
from local.stripe_sim.routing import Routes

ROUTES: Routes = (
    *customers.ROUTES,
    *payment_methods.ROUTES,
    *payment_intents.ROUTES,
    *setup_intents.ROUTES,
    *charges.ROUTES,
    *refunds.ROUTES,
    *disputes.ROUTES,
    *files.ROUTES,
    *events.ROUTES,
    *accounts.ROUTES,
    *account_links.ROUTES,
    *external_accounts.ROUTES,
    *transfers.ROUTES,
    *reversals.ROUTES,
    *balance.ROUTES,
    *payouts.ROUTES,
    *tax_calculations.ROUTES,
    *tax_transactions.ROUTES,
)
