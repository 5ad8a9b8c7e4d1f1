"""What admins can change of the search without a deployment: how results are ranked, and which words mean the same."""

from datetime import timedelta
from enum import StrEnum
from math import isclose
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from callsheet.kernel.errors import InvalidRequest, NotFound
from callsheet.kernel.models import COMMAND, FROZEN
from callsheet.kernel.page import Page
from callsheet.kernel.text import Line
from callsheet.search.ranking import RULES, RankingRules
from callsheet.search.schemas import SYNONYMS
from callsheet.search.wording import Findable

MOST_GROUPS = 200


class SettingNotFound(NotFound):
    code, title = (
        "search_setting_not_found",
        "There is no such setting of the search, or no such version of it",
    )


class SettingMismatch(InvalidRequest):
    code, title = (
        "search_setting_mismatch",
        "A setting is changed by a value of its own kind, and by nothing else",
    )


class SettingKind(StrEnum):
    RANKING = "ranking"
    SYNONYMS = "synonyms"

    @classmethod
    def named(cls, name: str) -> "SettingKind":
        """Raises SettingNotFound."""
        if name not in list(cls):
            raise SettingNotFound
        return cls(name)


type Part = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
type Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class Weights(BaseModel):
    """Parts of one."""

    model_config = COMMAND

    text: Part
    distance: Part
    rating: Part
    verification: Part
    price: Part
    availability: Part
    freshness: Part

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        if not isclose(sum(self.model_dump().values()), 1, abs_tol=1e-9):
            raise ValueError("must add up to 1")
        return self


class Penalised(BaseModel):
    """Whoever is above one of these keeps `penalty` of their score."""

    model_config = COMMAND

    dispute_percent: Percent
    cancellation_percent: Percent
    late_percent: Percent


class Ranking(BaseModel):
    """Every figure that results are ranked by; `least_price_tolerance` is in whole units of a currency."""

    model_config = COMMAND

    weights: Weights
    price_tolerance: float = Field(gt=0, le=10, allow_inf_nan=False)
    least_price_tolerance: int = Field(ge=1, le=10_000)
    freshness_half_life_days: int = Field(ge=1, le=3650)
    penalised: Penalised
    penalty: float = Field(gt=0, le=1, allow_inf_nan=False)
    owner_cap: int = Field(ge=1, le=20)
    newcomers_kept: int = Field(ge=0, le=20)
    first: int = Field(ge=1, le=100)
    newcomer_reviews: int = Field(ge=0, le=100)
    newcomer_stars: float = Field(ge=1, le=5, allow_inf_nan=False)

    def rules(self, version: str) -> RankingRules:
        return RankingRules(
            version=version,
            weights=self.weights.model_dump(),
            price_tolerance=self.price_tolerance,
            least_price_tolerance=self.least_price_tolerance,
            freshness_half_life=timedelta(days=self.freshness_half_life_days),
            penalised=self.penalised.model_dump(),
            penalty=self.penalty,
            owner_cap=self.owner_cap,
            newcomers_kept=self.newcomers_kept,
            first=self.first,
            newcomer_reviews=self.newcomer_reviews,
            newcomer_stars=self.newcomer_stars,
        )


def _told_apart(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(words)) < len(words):
        raise ValueError("must have each word once")
    return words


type GroupName = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]
type SameWord = Annotated[Findable, Field(max_length=40)]
type Same = Annotated[tuple[SameWord, ...], Field(min_length=2, max_length=20), AfterValidator(_told_apart)]
type Groups = Annotated[dict[GroupName, Same], Field(max_length=MOST_GROUPS)]


class SynonymGroups(BaseModel):
    """Words that mean the same, by a name for each group."""

    model_config = COMMAND

    groups: Groups


class ChangeSetting(BaseModel):
    """`version` is the one that was read; the value is all of it, of the kind that is changed."""

    model_config = COMMAND

    version: int = Field(ge=0)
    reason: Line
    ranking: Ranking | None = None
    synonyms: SynonymGroups | None = None

    def value(self, kind: SettingKind) -> str:
        """Raises SettingMismatch."""
        given = {SettingKind.RANKING: self.ranking, SettingKind.SYNONYMS: self.synonyms}
        wanted = given.pop(kind)
        if wanted is None or any(given.values()):
            raise SettingMismatch(extra={"field": kind.value})
        return wanted.model_dump_json()


class RollBack(BaseModel):
    """`version` is the one that was read, `to_version` the one whose value comes back, as a version of its own."""

    model_config = COMMAND

    version: int = Field(ge=0)
    to_version: int = Field(ge=0)
    reason: Line


class Setting(BaseModel):
    """A setting at a version. `value` is JSON: tables know no fractions. Version 0 is what the code says."""

    model_config = FROZEN

    kind: SettingKind
    number: int
    value: str
    changed_by: str | None = None
    changed_at: AwareDatetime | None = None
    reason: str | None = None

    @property
    def ranking(self) -> Ranking:
        return Ranking.model_validate_json(self.value)

    @property
    def synonyms(self) -> SynonymGroups:
        return SynonymGroups.model_validate_json(self.value)

    def rules(self) -> RankingRules:
        """Version 0 are the rules of the code, by their own name."""
        return RULES if self.number == 0 else self.ranking.rules(f"ranking-{self.number}")


class SettingView(BaseModel):
    """Who changed it, when and why is null at version 0, which is what a stage begins with."""

    model_config = FROZEN

    kind: SettingKind
    version: int
    changed_by: str | None
    changed_at: AwareDatetime | None
    reason: str | None
    ranking: Ranking | None = None
    synonyms: SynonymGroups | None = None


class SettingPage(Page[SettingView]):
    """Every version that somebody made, the newest first."""


def seed(kind: SettingKind) -> Setting:
    match kind:
        case SettingKind.RANKING:
            value = _seed_ranking().model_dump_json()
        case SettingKind.SYNONYMS:
            value = SynonymGroups(groups=SYNONYMS).model_dump_json()
    return Setting(kind=kind, number=0, value=value)


def setting_view(setting: Setting) -> SettingView:
    return SettingView(
        kind=setting.kind,
        version=setting.number,
        changed_by=setting.changed_by,
        changed_at=setting.changed_at,
        reason=setting.reason,
        ranking=setting.ranking if setting.kind is SettingKind.RANKING else None,
        synonyms=setting.synonyms if setting.kind is SettingKind.SYNONYMS else None,
    )


def _seed_ranking() -> Ranking:
    return Ranking(
        weights=Weights.model_validate(RULES.weights),
        price_tolerance=RULES.price_tolerance,
        least_price_tolerance=RULES.least_price_tolerance,
        freshness_half_life_days=RULES.freshness_half_life.days,
        penalised=Penalised.model_validate(RULES.penalised),
        penalty=RULES.penalty,
        owner_cap=RULES.owner_cap,
        newcomers_kept=RULES.newcomers_kept,
        first=RULES.first,
        newcomer_reviews=RULES.newcomer_reviews,
        newcomer_stars=RULES.newcomer_stars,
    )
