"""How much of a profile is there: rules as data, the same score for the same profile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from callsheet.catalogue.details import TELLING
from callsheet.catalogue.errors import ProfileIncomplete
from callsheet.catalogue.model import Completeness, Profile
from callsheet.catalogue.selling import Service

_ENOUGH_PICTURES = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """`word` is stable: apps act on it. Weights are hundredths of the whole."""

    word: str
    weight: int
    is_met: Callable[[Profile, Sequence[Service]], bool]
    is_required: bool = False


def _says_what_the_role_is_about(profile: Profile, _services: Sequence[Service]) -> bool:
    return bool(profile.details and getattr(profile.details, TELLING[profile.role]))


RULES = (
    Rule("headline", 10, lambda profile, _: profile.headline is not None, is_required=True),
    Rule("languages", 10, lambda profile, _: bool(profile.languages), is_required=True),
    Rule("home", 15, lambda profile, _: profile.home is not None, is_required=True),
    Rule("details", 15, _says_what_the_role_is_about, is_required=True),
    Rule(
        "service",
        20,
        lambda _, services: any(service.is_active for service in services),
        is_required=True,
    ),
    Rule("about", 10, lambda profile, _: profile.about is not None),
    Rule("pictures", 10, lambda profile, _: len(profile.picture_ids) >= _ENOUGH_PICTURES),
    Rule("handle", 5, lambda profile, _: profile.handle is not None),
    Rule("travel_radius", 5, lambda profile, _: profile.travel_radius_km is not None),
)


def completeness_of(profile: Profile, services: Sequence[Service]) -> Completeness:
    unmet = [rule for rule in RULES if not rule.is_met(profile, services)]
    return Completeness(
        score=100 - sum(rule.weight for rule in unmet),
        missing=tuple(rule.word for rule in unmet if rule.is_required),
        suggested=tuple(rule.word for rule in unmet if not rule.is_required),
    )


def check_complete(profile: Profile, services: Sequence[Service]) -> None:
    """What a profile must have before everybody sees it. Raises ProfileIncomplete."""
    found = completeness_of(profile, services)
    if found.missing:
        raise _incomplete(found, found.missing)


def check_stays_complete(before: Completeness, after: Completeness) -> None:
    """What is published loses nothing that it needs; profiles that were published with less may be mended in steps."""
    lost = tuple(word for word in after.missing if word not in before.missing)
    if lost:
        raise _incomplete(after, lost)


def _incomplete(found: Completeness, missing: Sequence[str]) -> ProfileIncomplete:
    return ProfileIncomplete(
        f"Still missing: {', '.join(missing)}", extra={"missing": list(missing), "score": found.score}
    )
