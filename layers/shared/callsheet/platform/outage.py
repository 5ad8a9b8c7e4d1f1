"""Which errors say that AWS did not answer in time, rather than what it answered."""

from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError
from pynamodb.exceptions import PynamoDBException

from callsheet.kernel.errors import Unavailable

_RETRY_AFTER_SECONDS = 1


def outage_in(error: BaseException | None) -> Unavailable | None:
    """Unavailable where a part of AWS could not be reached or did not answer, through PynamoDB or not; else None."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if isinstance(cause, HTTPClientError | NoConnection):
        return Unavailable(retry_after_seconds=_RETRY_AFTER_SECONDS)
    return None
