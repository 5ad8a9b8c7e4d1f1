"""POST /v1/admin/search/settings/{kind}/rollback: what an earlier version said, as a new version.

Version 0 is what the code says.
"""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.search.change_setting import roll_back_setting
from callsheet.search.settings import RollBack, SettingNotFound, SettingView


@endpoint(errors=(SettingNotFound, Stale))
def handler(kind: str, body: RollBack, caller: Principal) -> SettingView:
    return roll_back_setting(kind, body, caller, wiring.search_settings())
