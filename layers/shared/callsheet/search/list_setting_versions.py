"""Who has changed a setting of the search, when, why, and to what."""

from callsheet.kernel.page import PageQuery
from callsheet.search.deps import SettingDeps
from callsheet.search.settings import SettingKind, SettingPage, setting_view
from callsheet.search.settings_store import setting_versions


def list_setting_versions(kind: str, query: PageQuery, deps: SettingDeps) -> SettingPage:
    """One query. Raises SettingNotFound, InvalidCursor."""
    named, cursors = SettingKind.named(kind), deps.cursors()
    bound = f"search-setting#{named}"
    settings, position = setting_versions(named, cursors.read(bound, query.cursor), query.limit)
    return SettingPage(items=tuple(map(setting_view, settings)), next_cursor=cursors.write(bound, position))
