"""PUT /v1/admin/search/settings/{kind}: another version, with a reason.

Searches rank by it within a minute; synonyms are told to the engine at once, also while an index is being rebuilt.
"""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.search.change_setting import change_setting
from callsheet.search.settings import ChangeSetting, SettingMismatch, SettingNotFound, SettingView


@endpoint(errors=(SettingNotFound, SettingMismatch, Stale))
def handler(kind: str, body: ChangeSetting, caller: Principal) -> SettingView:
    return change_setting(kind, body, caller, wiring.search_settings())
