"""Addresses that are not written to: `/v3/suppression/{bounces,spam_reports,unsubscribes}`."""

from collections.abc import Sequence

from local.vendor_sims.sendgrid.errors import Problem, not_found, refusal
from local.vendor_sims.wire import Answer, Obj

LISTS = ("bounces", "spam_reports", "unsubscribes")


class Suppressions:
    def __init__(self) -> None:
        self._lists: dict[str, dict[str, Obj]] = {name: {} for name in LISTS}

    def add(self, name: str, email: str, created: int, **more: str) -> None:
        """The first entry of an address stays."""
        self._lists[name].setdefault(email.lower(), {"created": created, "email": email, **more})

    def of(self, email: str) -> str | None:
        """The list that an address is on, if any."""
        return next((name for name in LISTS if email.lower() in self._lists[name]), None)

    def answer(self, method: str, name: str, email: str | None, params: Obj) -> Answer:
        """Raises Refusal."""
        kept = self._lists[name]
        match method, email:
            case "GET", None:
                return Answer(200, [{**entry} for entry in _page(list(kept.values()), params)])
            case "GET", str():
                return Answer(200, [{**kept[email.lower()]}] if email.lower() in kept else [])
            case "DELETE", None:
                self._delete(name, params)
                return Answer(204)
            case "DELETE", str() if kept.pop(email.lower(), None) is not None:
                return Answer(204)
            case _:
                raise not_found()

    def clear(self) -> None:
        for kept in self._lists.values():
            kept.clear()

    def _delete(self, name: str, params: Obj) -> None:
        """All, or those that are named."""
        kept, emails = self._lists[name], params.get("emails")
        if params.get("delete_all") is True and emails is None:
            kept.clear()
        elif isinstance(emails, list) and emails and "delete_all" not in params:
            for email in emails:
                kept.pop(str(email).lower(), None)
        else:
            raise refusal([Problem("Either delete_all or emails must be given")])


def _page(entries: Sequence[Obj], params: Obj) -> Sequence[Obj]:
    """Of the time asked for, newest first."""
    start, end = _whole(params, "start_time", 0), _whole(params, "end_time", 2**62)
    chosen = [entry for entry in reversed(entries) if start <= int(str(entry["created"])) <= end]
    offset = _whole(params, "offset", 0)
    return chosen[offset : offset + _whole(params, "limit", 500)]


def _whole(params: Obj, name: str, default: int) -> int:
    given = str(params.get(name, default))
    if not given.isdecimal():
        raise refusal([Problem(f"{name} must be a whole number", name)])
    return int(given)
