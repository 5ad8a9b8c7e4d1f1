"""Settings of the search in DynamoDB: how each stands, and every version there was."""

from collections.abc import Sequence

from callsheet.kernel.access import AccessPath
from callsheet.kernel.page import Position
from callsheet.platform.pages import position_of, start_key
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction
from callsheet.search.settings import Setting, SettingKind, SettingNotFound, seed

_CURRENT = "CURRENT"
_VERSION = "VERSION#"


class SettingItem(Table):
    logical_name = "search"
    document = Document(Setting)


def current_setting(kind: SettingKind) -> Setting:
    """One strongly consistent read; the code's own where nobody has changed it."""
    (item,) = get_together([_key(kind, _CURRENT)])
    return item.document if isinstance(item, SettingItem) else seed(kind)


def setting_at(kind: SettingKind, number: int) -> Setting:
    """One read. Raises SettingNotFound."""
    if number == 0:
        return seed(kind)
    (item,) = get_together([_key(kind, _numbered(number))])
    if not isinstance(item, SettingItem):
        raise SettingNotFound
    return item.document


def put_setting(txn: Transaction, setting: Setting) -> None:
    """As the next version. Raises Stale where there is one of this number: it is created once."""
    _, pk, sk = _key(setting.kind, _numbered(setting.number))
    txn.create(SettingItem(pk, sk, document=setting), Stale())
    txn.put(SettingItem(pk, _CURRENT, document=setting))


def setting_versions(
    kind: SettingKind, after: Position | None, limit: int
) -> tuple[Sequence[Setting], Position | None]:
    """The newest first, and where it ended; one query."""
    found = SettingItem.query(
        f"SETTING#{kind}",
        SettingItem.sk.startswith(_VERSION),
        scan_index_forward=False,
        consistent_read=True,
        limit=limit,
        page_size=limit,
        last_evaluated_key=start_key(after),
    )
    return [item.document for item in found], position_of(found.last_evaluated_key)


def _key(kind: SettingKind, sk: str) -> Key:
    return (SettingItem, f"SETTING#{kind}", sk)


def _numbered(number: int) -> str:
    return f"{_VERSION}{number:08}"


ACCESS_PATHS = (
    AccessPath(
        name="how a setting of the search stands",
        table="search",
        keys="pk = SETTING#<kind>, sk = CURRENT",
        use_cases=(
            *("search.get_setting", "search.change_setting", "search.apply_synonyms"),
            *("search.search_people", "search.search_studios"),
        ),
    ),
    AccessPath(
        name="a version of a setting",
        table="search",
        keys="pk = SETTING#<kind>, sk = VERSION#<number>",
        use_cases=("search.change_setting",),
    ),
    AccessPath(
        name="every version of a setting, the newest first",
        table="search",
        keys="pk = SETTING#<kind>, sk begins with VERSION#, in reverse order",
        use_cases=("search.list_setting_versions",),
    ),
)
