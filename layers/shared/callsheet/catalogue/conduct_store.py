"""How reliably bookings of a profile go, in DynamoDB: one item a profile, beside it and seen by nobody."""

from callsheet.catalogue.conduct import Conduct
from callsheet.kernel.access import AccessPath
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_CONDUCT = "CONDUCT"


class ConductItem(Table):
    logical_name = "catalogue"
    document = Document(Conduct)


def conduct_key(profile_id: str) -> Key:
    return (ConductItem, profile_id, _CONDUCT)


def stored_conduct(profile_id: str) -> ConductItem | None:
    """One strongly consistent read; None where nothing was counted yet."""
    (item,) = get_together([conduct_key(profile_id)])
    return item if isinstance(item, ConductItem) else None


def save_conduct(txn: Transaction, profile_id: str, stored: ConductItem | None, conduct: Conduct) -> None:
    """Raises Stale where somebody else has counted since it was read."""
    if stored is None:
        txn.create(ConductItem(profile_id, _CONDUCT, document=conduct), Stale())
    else:
        stored.document = conduct
        txn.replace(stored, Stale())


ACCESS_PATHS = (
    AccessPath(
        name="how reliably bookings of a profile go",
        table="catalogue",
        keys="pk = <profile id>, sk = CONDUCT",
        use_cases=("catalogue.count_conduct", "catalogue.recount_conduct", "search.index_profiles"),
    ),
)
