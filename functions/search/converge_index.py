"""Each night: the index is held against the tables, what differs is mended, and told as the metric `drift`."""

from aws_lambda_powertools import Logger

from callsheet import wiring
from callsheet.kernel.principal import system
from callsheet.platform.metrics import record_drift
from callsheet.search.apply_synonyms import apply_synonyms
from callsheet.search.converge_index import converge_people
from callsheet.search.errors import IndexNotFound

_DEPS = wiring.indexing()  # Typesense's SDK loads while the function starts
_SYNONYMS = wiring.synonyms()
_NAME = "search.converge_index"
_logger = Logger()


def handler(event: dict[str, object], _context: object) -> dict[str, int]:
    caller = system(_NAME, correlation_id=str(event.get("id", "")))
    try:
        check = converge_people(caller, _DEPS)
        apply_synonyms(_SYNONYMS)
    except IndexNotFound:
        _logger.info("nothing has been indexed yet")
        return {}
    found = check.model_dump(mode="json", exclude={"checked_at"})
    level = _logger.error if check.drift else _logger.info
    level("index converged", drift=check.drift, found=found)
    record_drift(_NAME, check.drift)
    return found
