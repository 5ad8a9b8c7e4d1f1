"""Who else is to be seen on the first pages than those who rank best anyway."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from callsheet.search.ranking import RULES, Ranked, RankingRules

# Why somebody stands elsewhere than their score says, in stable words.
OWNER_CAP, NEWCOMER = "owner_cap", "newcomer"


def arranged(results: Sequence[Ranked], rules: RankingRules = RULES) -> list[Ranked]:
    """At most so many of one owner among the first, and some places of those for good newcomers.

    `results` are ordered, the best first; who is passed over comes after the first, in the order of scores. Where there
    are not enough others nobody is kept away.
    """
    first, passed_over = _of_many_owners(results, rules)
    return _with_newcomers(first, passed_over, rules)


def is_newcomer(one: Ranked, rules: RankingRules = RULES) -> bool:
    """Few have rated them, and those well."""
    document = one.hit.document
    reviews, average = document.get("rating_count", 0), document.get("rating_average")
    is_good = not isinstance(average, int | float) or average >= rules.newcomer_stars
    return isinstance(reviews, int) and reviews < rules.newcomer_reviews and is_good and not one.penalties


def _of_many_owners(results: Sequence[Ranked], rules: RankingRules) -> tuple[list[Ranked], list[Ranked]]:
    owned: Counter[str] = Counter()
    first: list[Ranked] = []
    passed_over: list[Ranked] = []
    for one in results:
        owner = _owner(one)
        if len(first) < rules.first and owned[owner] < rules.owner_cap:
            owned[owner] += 1
            first.append(one)
        elif len(first) < rules.first:
            passed_over.append(replace(one, moved=OWNER_CAP))
        else:
            passed_over.append(one)
    return first, passed_over


def _with_newcomers(
    first: Sequence[Ranked], passed_over: Sequence[Ranked], rules: RankingRules
) -> list[Ranked]:
    """The last of the first who are no newcomers give way to the best newcomers behind them."""
    there = sum(is_newcomer(one, rules) for one in first)
    missing = min(rules.newcomers_kept - there, len(first) - there)
    coming = _may_come(first, passed_over, missing, rules)
    giving_way = [one for one in reversed(first) if not is_newcomer(one, rules)][: len(coming)]
    kept = [one for one in first if one not in giving_way]
    rest = [one for one in passed_over if one.hit not in [other.hit for other in coming]]
    return [*kept, *coming, *sorted([*giving_way, *rest], key=lambda one: one.order)]


def _may_come(
    first: Sequence[Ranked], passed_over: Sequence[Ranked], missing: int, rules: RankingRules
) -> list[Ranked]:
    owned = Counter(map(_owner, first))
    coming: list[Ranked] = []
    for one in passed_over:
        if len(coming) >= missing:
            break
        if is_newcomer(one, rules) and owned[_owner(one)] < rules.owner_cap:
            owned[_owner(one)] += 1
            coming.append(replace(one, moved=NEWCOMER))
    return coming


def _owner(one: Ranked) -> str:
    return str(one.hit.document["owner_id"])
