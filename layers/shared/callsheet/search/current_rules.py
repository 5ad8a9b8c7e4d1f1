"""The rules that results are ranked by now, read once a minute however many searches there are."""

from datetime import UTC, datetime, timedelta

from callsheet.platform.cache import TtlCache
from callsheet.search.ranking import RankingRules
from callsheet.search.settings import SettingKind
from callsheet.search.settings_store import current_setting

RULES_KEPT = timedelta(minutes=1)


def _read(kind: SettingKind) -> RankingRules:
    return current_setting(kind).rules()


_kept = TtlCache(_read, RULES_KEPT, lambda: datetime.now(UTC))


def current_rules() -> RankingRules:
    return _kept.get(SettingKind.RANKING)


def forget_rules() -> None:
    _kept.forget()
