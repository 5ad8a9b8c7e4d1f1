"""The next portion of a run is a message, so that no run is longer than a function may be."""

from pydantic import JsonValue

from callsheet.closing.model import Close
from callsheet.kernel.principal import Principal
from callsheet.platform.direct import direct_message, send_direct

QUEUE = "closing/run_portion"


def send_next(close: Close, caller: Principal) -> None:
    """Sent twice does no harm."""
    name = f"{close.day.isoformat()}/{close.attempt}"
    payload: dict[str, JsonValue] = {"day": close.day.isoformat(), "attempt": close.attempt}
    send_direct(QUEUE, direct_message(name, "closing.portion", payload, caller))
