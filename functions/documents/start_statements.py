"""Every hour of a month's first days: the providers whose money moved in the month before are asked statements for."""

from aws_lambda_powertools import Logger

from callsheet import wiring
from callsheet.documents.start_statements import start_statements
from callsheet.kernel.principal import system

_logger = Logger()


def handler(event: dict[str, object], _context: object) -> dict[str, int]:
    caller = system("documents.start_statements", correlation_id=str(event.get("id", "")))
    asked = start_statements(caller, wiring.documents())
    _logger.info("statements asked for", providers=asked)
    return {"asked": asked}
