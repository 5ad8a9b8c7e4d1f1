"""Profiles are written into the index as DynamoDB has them now, whatever events said and in whichever order.

A search engine knows no conditional write, so of two who write one document the one that read earlier may write later.
Each therefore leaves a token in DynamoDB before it reads, and looks after it has written whether the token still
stands. Where it does, nobody has begun since: what was written is not older than anything that others wrote. Where it
does not, it reads and writes again (ADR 0175).
"""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from callsheet.catalogue.for_search import profile_key, shown_among
from callsheet.gateways.search_errors import CollectionMissing
from callsheet.kernel.errors import Conflict
from callsheet.kernel.ids import new_id
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.transaction import Transaction
from callsheet.search.collections import ensure_collections
from callsheet.search.deps import IndexingDeps
from callsheet.search.documents import people_document
from callsheet.search.schemas import Kind
from callsheet.search.store import ClaimItem, IndexItem, claim_item, claim_key, index_key

MAX_PROFILES = 50
_TRIES = 3


class IndexContended(Conflict):
    """Others write the same documents: what this one wrote may be older than what they did."""

    code, title = "index_contended", "Others are writing the same documents"


def index_profiles(
    profile_ids: Sequence[str],
    caller: Principal,
    deps: IndexingDeps,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """At most 50, none twice: one transaction, two batch reads, a write to the engine, and a batch read to look back.

    What is not published, or not there, leaves the index. Raises IndexContended, and SearchUnavailable where the engine
    does not answer: both are to be tried again, in full.
    """
    pending = list(profile_ids)
    for attempt in range(_TRIES):
        pending = _written_by_others(pending, _write(pending, caller, deps))
        if not pending:
            return
        sleep(random.uniform(0, 0.1 * 2**attempt))  # noqa: S311 - jitter, so that two do not keep each other from it
    raise IndexContended


def _write(profile_ids: Sequence[str], caller: Principal, deps: IndexingDeps) -> str:
    """Claim, read, write; the token that was left."""
    token, now = new_id("clm"), deps.clock.now()
    txn = Transaction(caller, now)
    for profile_id in profile_ids:
        txn.put(claim_item(profile_id, token, now))
    txn.commit()
    found, *items = get_together([index_key(Kind.PEOPLE), *map(profile_key, profile_ids)])
    index = (
        found.document
        if isinstance(found, IndexItem)
        else ensure_collections(deps.engine, caller, now)[Kind.PEOPLE]
    )
    shown = shown_among(items)
    documents = [people_document(shown[profile_id]) for profile_id in profile_ids if profile_id in shown]
    gone = [profile_id for profile_id in profile_ids if profile_id not in shown]
    for collection in index.written:
        deps.engine.remove(collection, gone)  # takedowns first
        deps.engine.put(collection, documents)
    if index.retired is not None:
        with suppress(CollectionMissing):  # it is searched until the alias has moved, and goes right after
            deps.engine.remove(index.retired, gone)
            deps.engine.put(index.retired, documents)
    return token


def _written_by_others(profile_ids: Sequence[str], token: str) -> list[str]:
    claims = get_together([claim_key(profile_id) for profile_id in profile_ids])
    return [
        profile_id
        for profile_id, claim in zip(profile_ids, claims, strict=True)
        if not isinstance(claim, ClaimItem) or claim.token != token
    ]
