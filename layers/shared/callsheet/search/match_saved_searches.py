"""Profiles that are new or have changed are held against saved searches, and who saved these is told, once of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched

from aws_lambda_powertools import Logger
from pydantic import ValidationError

from callsheet.gateways.indexing import Document
from callsheet.gateways.searching import AnyOf, Ask
from callsheet.kernel.principal import Principal
from callsheet.platform.read import get_together
from callsheet.platform.stale import Stale, decided_anew
from callsheet.platform.transaction import Transaction
from callsheet.search.asking import TEXT_FIELDS
from callsheet.search.deps import MatchingDeps
from callsheet.search.events import SearchMatched
from callsheet.search.filters import filters_of
from callsheet.search.matching import MATCH, Matching
from callsheet.search.queries import PeopleQuery
from callsheet.search.ruling_out import DECIDED_BY, rules_out
from callsheet.search.saved import asked_by
from callsheet.search.saved_store import Alert, AlertItem, alert_key, alerts_in, match_item, match_key
from callsheet.search.schemas import Kind

# In one portion; searches of one call (Typesense takes fifty); matches of one transaction, three items each.
MOST_ALERTS = 1_000
_ASKED_TOGETHER = 50
_TOLD_TOGETHER = 30
_logger = Logger()


@dataclass(frozen=True, slots=True)
class Match:
    alert: Alert
    profile_id: str


def match_saved_searches(
    matching: Matching, caller: Principal, deps: MatchingDeps, most_alerts: int = MOST_ALERTS
) -> int:
    """How many were told of. One query, a call to the engine for the profiles and one for each fifty alerts that they
    may answer, and for each thirty matches a batch read and a transaction. Where there are more alerts the next portion
    is arranged.

    It can be repeated: what was told of is passed over. Raises SearchUnavailable, CollectionMissing, Stale.
    """
    alerts = alerts_in(matching.shard, matching.after, most_alerts)
    told = 0
    for together in batched(_found(alerts, matching.profile_ids, deps), _TOLD_TOGETHER, strict=False):
        told += decided_anew(partial(_tell, together, caller, deps))
    if len(alerts) == most_alerts:
        txn = Transaction(caller, deps.clock.now())
        further = Matching(matching.shard, matching.profile_ids, alerts[-1].id)
        txn.due(MATCH, further.subject, deps.clock.now())
        txn.commit()
    return told


def _found(alerts: Sequence[Alert], profile_ids: Sequence[str], deps: MatchingDeps) -> Iterator[Match]:
    """What surely answers nothing is not asked for; their own profiles are no news to anybody."""
    documents = _documents(profile_ids, deps) if alerts else ()
    asked = [
        (alert, query, ids)
        for alert in alerts
        if documents
        and (query := _query_of(alert)) is not None
        and (ids := _may_answer(query, [one for one in documents if one["owner_id"] != alert.user_id]))
    ]
    for together in batched(asked, _ASKED_TOGETHER, strict=False):
        answers = deps.engine.search([_ask(query, ids) for _, query, ids in together])
        for (alert, _, _), answer in zip(together, answers, strict=True):
            for hit in answer.hits:
                yield Match(alert, str(hit.document["id"]))


def _documents(profile_ids: Sequence[str], deps: MatchingDeps) -> Sequence[Document]:
    """The profiles as they are found now; those that are gone answer nothing."""
    ask = Ask(
        collection=Kind.PEOPLE,
        text_fields=TEXT_FIELDS[Kind.PEOPLE],
        filters=(AnyOf("id", tuple(profile_ids)),),
        per_page=len(profile_ids),
        shown=("id", "owner_id", *DECIDED_BY),
    )
    (found,) = deps.engine.search((ask,))
    return [hit.document for hit in found.hits]


def _may_answer(query: PeopleQuery, documents: Sequence[Document]) -> list[str]:
    filters = filters_of(query)
    return [
        str(document["id"]) for document in documents if not any(rules_out(one, document) for one in filters)
    ]


def _query_of(alert: Alert) -> PeopleQuery | None:
    """None for one that searches no longer understand: it must not keep the others from being told."""
    try:
        return asked_by(alert.query)
    except ValidationError:
        _logger.exception("a saved search is no longer understood", saved_search=alert.id)
        return None


def _ask(query: PeopleQuery, profile_ids: Sequence[str]) -> Ask:
    """The saved query itself, among these profiles alone; none of its words may be missing (see `Ask`)."""
    return Ask(
        collection=Kind.PEOPLE,
        text=query.q,
        text_fields=TEXT_FIELDS[Kind.PEOPLE],
        filters=(*filters_of(query), AnyOf("id", tuple(profile_ids))),
        per_page=len(profile_ids),
        shown=("id",),
        needs_every_word=True,
    )


def _tell(matches: Sequence[Match], caller: Principal, deps: MatchingDeps) -> int:
    """Of those that nobody was told of, to those who still want to hear; one transaction."""
    ids = sorted({match.alert.id for match in matches})
    pairs = [match_key(match.alert.id, match.profile_id) for match in matches]
    found = get_together([*map(alert_key, ids), *pairs])
    alerting = {
        saved_search_id for saved_search_id, item in zip(ids, found, strict=False) if item is not None
    }
    news = [
        match
        for match, told in zip(matches, found[len(ids) :], strict=True)
        if told is None and match.alert.id in alerting
    ]
    now = deps.clock.now()
    txn = Transaction(caller, now)
    for saved_search_id in sorted({match.alert.id for match in news}):
        txn.check(alert_key(saved_search_id), AlertItem.pk.exists(), Stale())
    for match in news:
        txn.create(match_item(match.alert.id, match.profile_id, now), Stale())
        txn.publish(
            SearchMatched(
                saved_search_id=match.alert.id, user_id=match.alert.user_id, profile_id=match.profile_id
            )
        )
    txn.commit()
    return len(news)
