"""GET /v1/admin/search/settings/{kind}/history: who changed it, when, why, and to what; the newest first."""

from callsheet import wiring
from callsheet.http.endpoint import endpoint
from callsheet.kernel.errors import InvalidCursor
from callsheet.kernel.page import PageQuery
from callsheet.search.list_setting_versions import list_setting_versions
from callsheet.search.settings import SettingNotFound, SettingPage


@endpoint(errors=(SettingNotFound, InvalidCursor))
def handler(kind: str, query: PageQuery) -> SettingPage:
    return list_setting_versions(kind, query, wiring.search_settings())
