"""What happens at Stripe by itself, because its time has come."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from local.stripe_sim.accounts import remind
from local.stripe_sim.disputing import expire_disputes
from local.stripe_sim.ledger import settle
from local.stripe_sim.paying_out import move_on, pay_automatically
from local.stripe_sim.payment_intents import expire
from local.stripe_sim.refunds import mature
from local.stripe_sim.world import World

_MOST_DAYS = 400  # of a clock that jumps by years, the last ones are enough


def let_happen(world: World) -> None:
    """Authorisations and deadlines end, slow refunds finish, silence loses disputes, payouts go."""
    expire(world)
    mature(world)
    expire_disputes(world)
    for one in (world, *world.connected.values()):
        settle(one)
    remind(world)
    for account_id, account in world.kept("account").items():
        move_on(world, world.of(account_id))
        pay_automatically(world.of(account_id), account)


def midnights(since: datetime, until: datetime) -> Iterator[datetime]:
    """The starts of days (UTC) after one moment and before another, oldest first."""
    first = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    first = max(first, until.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=_MOST_DAYS))
    while first < until:
        yield first
        first += timedelta(days=1)
