"""Every minute: what has become due is sent to whoever waits for it."""

from aws_lambda_powertools import Logger

from callsheet.platform.clock import clock
from callsheet.platform.sweep import sweep_due

_logger = Logger()


def handler(_event: object, _context: object) -> dict[str, int]:
    published = sweep_due(clock().now())
    _logger.info("swept", published=published)
    return {"published": published}
