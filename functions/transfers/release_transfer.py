"""Due `transfer.release`: money that a provider has earned is paid, unless something keeps it."""

from callsheet import wiring
from callsheet.kernel.principal import Principal
from callsheet.queue.consumer import Done, Duplicate, Message, Outcome, Permanent, consumer
from callsheet.transfers.paying import Released
from callsheet.transfers.release_transfer import release_transfer

_DEPS = wiring.paying()  # Stripe's SDK loads while the function starts


@consumer
def handler(message: Message, caller: Principal) -> Outcome:
    """What Stripe refuses again and again ends in the dead letters, whose alarm wakes somebody; it is tried on."""
    match release_transfer(str(message.payload["subject"]), caller, _DEPS):
        case Released.PAID | Released.WAITS:
            return Done()
        case Released.MOOT:
            return Duplicate()
        case Released.STUCK:
            return Permanent("transfer_stuck")
