"""The caller says when they work; it holds for each of their profiles, and for bookings to come."""

from callsheet.calendar.deps import CalendarDeps
from callsheet.calendar.events import CalendarRulesChanged
from callsheet.calendar.model import CalendarRules, RulesView, SetRules
from callsheet.calendar.store import RulesItem, new_rules, replace_rules, stored_rules
from callsheet.calendar.views import view_of
from callsheet.kernel.errors import Conflict, Forbidden
from callsheet.kernel.principal import Principal, Role
from callsheet.platform.stale import decided_anew
from callsheet.platform.transaction import Transaction


def set_rules(command: SetRules, caller: Principal, deps: CalendarDeps) -> RulesView:
    """One read and one transaction; the same rules again change nothing.

    Raises Forbidden for who cannot be booked, Conflict where the rules are not at the version the caller has read.
    """
    if not caller.has_any(Role.PROVIDER, Role.CREATOR):
        raise Forbidden("Only who can be booked has a calendar")
    return decided_anew(lambda: _set(command, caller, deps))


def _set(command: SetRules, caller: Principal, deps: CalendarDeps) -> RulesView:
    user_id = caller.user_id
    rules = CalendarRules(**command.model_dump(exclude={"version"}), resource_id=user_id)
    stored = stored_rules(user_id)
    if command.version is not None and (stored is None or stored.version != command.version):
        raise Conflict
    if stored is not None and stored.document == rules:
        return view_of(stored)
    txn = Transaction(caller, deps.clock.now())
    item = _write(txn, user_id, rules, stored)
    txn.publish(CalendarRulesChanged(user_id=user_id))
    txn.commit()
    return view_of(item)


def _write(txn: Transaction, user_id: str, rules: CalendarRules, stored: RulesItem | None) -> RulesItem:
    if stored is None:
        return new_rules(txn, user_id, rules)
    return replace_rules(txn, stored, rules)
