"""An admin changes how the search works, or has it as it was: each time a version of its own."""

from callsheet.kernel.principal import Principal
from callsheet.platform.stale import Stale
from callsheet.platform.transaction import Transaction
from callsheet.search.deps import SettingDeps
from callsheet.search.events import SearchSettingChanged
from callsheet.search.settings import ChangeSetting, RollBack, Setting, SettingKind, SettingView, setting_view
from callsheet.search.settings_store import current_setting, put_setting, setting_at


def change_setting(kind: str, command: ChangeSetting, caller: Principal, deps: SettingDeps) -> SettingView:
    """One read and one transaction. Raises SettingNotFound, SettingMismatch, and Stale at another version."""
    named = SettingKind.named(kind)
    return _change(named, command.value(named), command, caller, deps)


def roll_back_setting(kind: str, command: RollBack, caller: Principal, deps: SettingDeps) -> SettingView:
    """Two reads and one transaction. Raises SettingNotFound, also for a version that never was, and Stale."""
    named = SettingKind.named(kind)
    earlier = setting_at(named, command.to_version)
    return _change(named, earlier.value, command, caller, deps)


def _change(
    kind: SettingKind, value: str, command: ChangeSetting | RollBack, caller: Principal, deps: SettingDeps
) -> SettingView:
    before, now = current_setting(kind), deps.clock.now()
    if before.number != command.version:
        raise Stale
    after = Setting(
        kind=kind,
        number=before.number + 1,
        value=value,
        changed_by=caller.user_id,
        changed_at=now,
        reason=command.reason,
    )
    txn = Transaction(caller, now)
    put_setting(txn, after)
    txn.publish(SearchSettingChanged(kind=kind, setting_version=after.number))
    txn.commit()
    return setting_view(after)
