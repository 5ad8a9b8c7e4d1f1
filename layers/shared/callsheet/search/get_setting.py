"""How a setting of the search stands."""

from callsheet.search.settings import SettingKind, SettingView, setting_view
from callsheet.search.settings_store import current_setting


def get_setting(kind: str) -> SettingView:
    """One read. Raises SettingNotFound."""
    return setting_view(current_setting(SettingKind.named(kind)))
