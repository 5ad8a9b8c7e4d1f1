"""Lists as Twilio's 2010 API pages them (Twilio, "Twilio's response": list resources)."""

from collections.abc import Sequence
from urllib.parse import urlencode

from local.vendor_sims.twilio.errors import not_simulated, refusal
from local.vendor_sims.wire import Json, Obj, text

_PAGE_SIZE, _LARGEST = 50, 1000
_FILTERS = {"To": "to", "From": "from", "Status": "status"}
_PAGING = frozenset({"PageSize", "Page", "PageToken"})


def page_of(kept: Sequence[Obj], key: str, path: str, params: Obj) -> Obj:
    """One page, newest first. Raises Refusal for a filter that is not simulated."""
    unknown = set(params) - set(_FILTERS) - _PAGING
    if unknown:
        raise not_simulated(unknown)
    filters = {name: text(params, name) for name in _FILTERS if name in params}
    size = min(_whole(params, "PageSize", _PAGE_SIZE, least=1), _LARGEST)
    number = _whole(params, "Page", 0, least=0)
    wanted = [obj for obj in reversed(kept) if all(obj[_FILTERS[name]] == filters[name] for name in filters)]
    shown: list[Json] = [{**obj} for obj in wanted[number * size : (number + 1) * size]]

    def uri(page: int) -> str:
        more = {"PageToken": f"PA{wanted[page * size - 1]['sid']}"} if page else {}
        return f"{path}?{urlencode({**filters, 'PageSize': size, 'Page': page, **more})}"

    return {
        key: shown,
        "end": number * size + max(len(shown) - 1, 0),
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1) if len(wanted) > (number + 1) * size else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": uri(number - 1) if 0 < number <= len(wanted) // size + 1 else None,
        "start": number * size,
        "uri": f"{path}?{urlencode({**filters, 'PageSize': size, 'Page': number})}",
    }


def _whole(params: Obj, name: str, default: int, *, least: int) -> int:
    given = text(params, name) or str(default)
    if not given.isdecimal() or int(given) < least:
        raise refusal(20001, f"Invalid {name}: {given}")
    return int(given)
