"""Every hour: days that have ended are closed, three hours after their midnight; what differs is looked at again."""

from aws_lambda_powertools import Logger

from callsheet import wiring
from callsheet.closing.start_daily_closes import start_daily_closes
from callsheet.kernel.principal import system

_logger = Logger()


def handler(event: dict[str, object], _context: object) -> dict[str, list[str]]:
    caller = system("closing.start_daily_closes", correlation_id=str(event.get("id", "")))
    started = [day.isoformat() for day in start_daily_closes(caller, wiring.closing())]
    _logger.info("closes started", days=started)
    return {"started": started}
