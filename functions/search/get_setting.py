"""GET /v1/admin/search/settings/{kind}: how results are ranked, or which words mean the same.

`kind` is `ranking` or `synonyms`.
"""

from callsheet.http.endpoint import endpoint
from callsheet.search.get_setting import get_setting
from callsheet.search.settings import SettingNotFound, SettingView


@endpoint(errors=(SettingNotFound,))
def handler(kind: str) -> SettingView:
    return get_setting(kind)
