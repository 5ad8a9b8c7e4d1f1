"""What a process remembers of a stage, forgotten: for tests that swap the stage under it."""

from callsheet.platform.aws import forget_clients
from callsheet.platform.circuits import forget_circuits
from callsheet.platform.secrets import forget_secrets
from callsheet.platform.settings import settings
from callsheet.platform.table import connection
from callsheet.search.current_rules import forget_rules


def forget() -> None:
    settings.cache_clear()
    connection.cache_clear()
    forget_clients()
    forget_secrets()
    forget_circuits()
    forget_rules()
