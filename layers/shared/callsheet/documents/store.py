"""Issued documents below their id, a version an item, and how far the month's statements have been asked for."""

from collections.abc import Sequence

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from callsheet.documents.model import Issued
from callsheet.kernel.access import AccessPath
from callsheet.kernel.page import Position
from callsheet.platform.pages import newest_first
from callsheet.platform.read import Key, get_together
from callsheet.platform.stale import Stale
from callsheet.platform.table import Document, Table
from callsheet.platform.transaction import Transaction

_VERSION = "V#"
_RUN = "RUN"


class ByOwner(GlobalSecondaryIndex["DocumentItem"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it so
    class Meta:
        index_name = "by_owner"
        projection = AllProjection()

    owner_key = UnicodeAttribute(hash_key=True)
    listed_key = UnicodeAttribute(range_key=True)


class DocumentItem(Table):
    """`owner_key` and `listed_key` are there for statements, which are listed; a receipt is found by its booking."""

    logical_name = "documents"
    document = Document(Issued)
    owner_key = UnicodeAttribute(null=True)
    listed_key = UnicodeAttribute(null=True)
    by_owner = ByOwner()


class RunItem(Table):
    """Which day of a month was last searched for providers who get a statement."""

    logical_name = "documents"
    last_day = UnicodeAttribute()
    is_done = BooleanAttribute()


def add_issued(txn: Transaction, issued: Issued) -> None:
    """A version is written once; Stale where somebody else has issued one meanwhile."""
    item = DocumentItem(issued.id, f"{_VERSION}{issued.version:06}", document=issued)
    if issued.month is not None:
        item.owner_key, item.listed_key = issued.owner_id, f"{issued.month}#{issued.version:06}"
    txn.create(item, Stale())


def latest_issued(document_id: str) -> Issued | None:
    """The newest version; one strongly consistent query."""
    found = DocumentItem.query(
        document_id,
        DocumentItem.sk.startswith(_VERSION),
        scan_index_forward=False,
        consistent_read=True,
        limit=1,
    )
    return next((item.document for item in found), None)


def issued_version(document_id: str, version: int) -> Issued | None:
    """One version; one read."""
    (item,) = get_together([(DocumentItem, document_id, f"{_VERSION}{version:06}")])
    return item.document if isinstance(item, DocumentItem) else None


def statements_of(
    owner_id: str, after: Position | None, limit: int
) -> tuple[Sequence[Issued], Position | None]:
    """Somebody's statements, the newest month and version first, and where the page ended; one query."""
    items, position = newest_first(DocumentItem.by_owner, owner_id, limit, after)
    return [item.document for item in items], position


def last_statement_before(owner_id: str, month: str) -> Issued | None:
    """The newest version of the newest statement of an earlier month; one query."""
    earlier = DocumentItem.listed_key < month
    found = DocumentItem.by_owner.query(owner_id, earlier, scan_index_forward=False, limit=1)
    return next((item.document for item in found), None)


def stored_run(month: str, round_number: int) -> RunItem | None:
    (item,) = get_together([_run_key(month, round_number)])
    return item if isinstance(item, RunItem) else None


def save_run(txn: Transaction, month: str, round_number: int, *, last_day: str, is_done: bool) -> None:
    _, pk, sk = _run_key(month, round_number)
    txn.put(RunItem(pk, sk, last_day=last_day, is_done=is_done))


def _run_key(month: str, round_number: int) -> Key:
    return (RunItem, f"RUN#{month}#{round_number}", _RUN)


ACCESS_PATHS = (
    AccessPath(
        name="the newest version of a receipt or statement",
        table="documents",
        keys="pk = <document id>, sk begins with V#, in reverse order, one",
        use_cases=("documents.get_receipt", "documents.get_statement", "documents.issue_receipt"),
    ),
    AccessPath(
        name="one version of a receipt",
        table="documents",
        keys="pk = <document id>, sk = V#<version>",
        use_cases=("documents.get_receipt",),
    ),
    AccessPath(
        name="somebody's statements, the newest first",
        table="documents",
        index="by_owner",
        keys="owner_key = <user id>, in reverse order",
        use_cases=("documents.list_statements",),
    ),
    AccessPath(
        name="somebody's last statement before a month",
        table="documents",
        index="by_owner",
        keys="owner_key = <user id>, listed_key < <month>, in reverse order, one",
        use_cases=("documents.issue_statement",),
    ),
    AccessPath(
        name="how far a month's statements have been asked for",
        table="documents",
        keys="pk = RUN#<month>#<round>, sk = RUN",
        use_cases=("documents.start_statements",),
    ),
)
