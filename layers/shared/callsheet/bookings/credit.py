"""How much of a booking the client's credit pays, from what is read of it beside everything else."""

from collections.abc import Sequence

from callsheet.bookings.fees import SCHEDULES, schedule_of
from callsheet.bookings.model import CreateBooking
from callsheet.kernel.money import Money
from callsheet.platform.read import Key
from callsheet.platform.table import Table
from callsheet.wallet.for_booking import balance_in, balance_key


def credit_keys(command: CreateBooking, client_id: str) -> list[Key]:
    """What must be read to know it. In which currency a service is paid is only read at the same time."""
    if not command.use_wallet:
        return []
    currencies = SCHEDULES if command.amount is None else (command.currency,)
    return [balance_key(client_id, currency) for currency in currencies]


def credit_for(command: CreateBooking, price: Money, items: Sequence[Table | None]) -> Money | None:
    """As much as there is among `items`, but what the card pays must be worth a charge: a booking has a card behind it.

    None where credit pays nothing.
    """
    if not command.use_wallet:
        return None
    most = price - Money.of(schedule_of(price.currency).card_minimum_minor, price.currency)
    spent = min(balance_in(items, price.currency), most)
    return spent if spent.amount_minor > 0 else None
